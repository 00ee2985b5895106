package dev.forge.redis.spring.connection;

import dev.forge.redis.RedisManager;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Adds a bean for each of {@code forge.redis.servers.*}, which is injected only where its qualifier asks for it.
 *
 * <p>The bean is the same whether the server has an address or not, because that may be decided after ahead-of-time
 * processing. {@link RedisServers} makes and closes the managers.
 */
record NamedManagers(Environment environment, BeanFactory beans) implements ImportBeanDefinitionRegistrar {

    @Override
    public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
        for (String name : ForgeRedisServersProperties.of(environment).servers().keySet()) {
            String bean = NamedServer.beanOf(name);
            // Nor one that a parent context has, as it has the plain one.
            if (!beans.containsBean(bean)) {
                registry.registerBeanDefinition(bean, definition(name));
            }
        }
    }

    private static RootBeanDefinition definition(String name) {
        RootBeanDefinition definition = new RootBeanDefinition(RedisManager.class);
        definition.setFactoryBeanName(RedisServers.BEAN);
        definition.setFactoryMethodName("open");
        definition.getConstructorArgumentValues().addIndexedArgumentValue(0, name);
        definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, name));
        definition.setDefaultCandidate(false);
        definition.setDestroyMethodName("");
        definition.setDependsOn(RedisServers.BEAN);
        return definition;
    }
}
