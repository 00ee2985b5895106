package dev.forge.redis.spring.ratelimit;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** Stops the start of a WebFlux application that has limits: nothing would check them there. */
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
public final class ReactiveRateLimitAutoConfiguration {

    @Bean
    SmartInitializingSingleton forgeReactiveRateLimitCheck(ConfigurableApplicationContext context) {
        return () -> {
            Set<String> limits = limits(context);
            if (!limits.isEmpty()) {
                throw new IllegalStateException("rate limits by rule or annotation must be in a Spring MVC application,"
                        + " but this one is WebFlux, where no request would be limited: " + String.join(", ", limits)
                        + "; call RateLimiter.tryAcquireAsync instead");
            }
        };
    }

    private static Set<String> limits(ConfigurableApplicationContext context) {
        Set<String> limits = new TreeSet<>();
        Binder.get(context.getEnvironment())
                .bind("forge.rate-limit.rules", Bindable.mapOf(String.class, Object.class))
                .orElse(Map.of())
                .keySet()
                .forEach(rule -> limits.add("forge.rate-limit.rules." + rule));
        LimitedBeans.in(context.getBeanFactory(), type -> true).forEach(type -> limits.add("@RateLimit in " + type));
        return limits;
    }
}
