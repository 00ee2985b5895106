package dev.forge.redis.spring.cache.transaction;

import dev.forge.redis.RedisManager;
import dev.forge.redis.spring.connection.ForgeRedisAutoConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;
import org.springframework.transaction.TransactionExecutionListener;

/** Ties changes of caches to transactions, where the application has any, with or without cache annotations. */
@AutoConfiguration(after = ForgeRedisAutoConfiguration.class)
@ConditionalOnClass({TransactionExecutionListener.class, CacheAspectSupport.class})
@ConditionalOnBean(RedisManager.class)
@EnableConfigurationProperties(CacheTransactionProperties.class)
public final class ForgeCacheTransactionAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    CacheTransactions forgeCacheTransactions(
            CacheTransactionProperties properties,
            ObjectProvider<CacheAspectSupport> annotations,
            ConfigurableListableBeanFactory beans) {
        TransactionSnapshots snapshots = new TransactionSnapshots(properties.longestTransaction(), beans);
        return new CacheTransactions(
                properties.onUnfenced() == CacheTransactionProperties.OnUnfenced.FAIL, snapshots, () -> {
                    CacheAspectSupport support = annotations.getIfUnique();
                    return support == null ? null : support.getErrorHandler();
                });
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static TransactionListener.Adder forgeCacheTransactionListener() {
        return new TransactionListener.Adder();
    }
}
