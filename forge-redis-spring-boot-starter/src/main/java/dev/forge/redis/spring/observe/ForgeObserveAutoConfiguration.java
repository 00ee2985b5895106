package dev.forge.redis.spring.observe;

import dev.forge.redis.cache.Cache;
import dev.forge.redis.spring.cache.ForgeCacheManager;
import dev.forge.redis.spring.connection.ForgeRedisAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;

/** Meters and observations of every manager, and meters of every {@link Cache} bean and the caches of {@link ForgeCacheManager}. */
@AutoConfiguration(after = ForgeRedisAutoConfiguration.class)
@ConditionalOnClass({MeterBinder.class, ObservationRegistry.class})
@EnableConfigurationProperties(ForgeObserveProperties.class)
public final class ForgeObserveAutoConfiguration {

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static ManagerObservation forgeManagerObservation(
            ObjectProvider<MeterRegistry> meters,
            ObjectProvider<ObservationRegistry> observations,
            ObjectProvider<ForgeObserveProperties> properties) {
        return new ManagerObservation(meters, observations, properties);
    }

    @Bean
    @ConditionalOnMissingBean
    ForgeCacheMeters forgeCacheMeters(ObjectProvider<Cache<?>> caches) {
        return new ForgeCacheMeters(caches.stream(ObjectProvider.UNFILTERED).toList());
    }

    @Bean
    MeterBinder forgeManagedCacheMeters(ObjectProvider<ForgeCacheManager> managers) {
        return registry -> managers.forEach(
                manager -> manager.whenMade(cache -> ForgeCacheMeters.bind(cache, manager.beanName(), registry)));
    }
}
