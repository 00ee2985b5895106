package dev.forge.redis.spring.ratelimit;

import dev.forge.redis.RedisManager;
import dev.forge.redis.spring.ForgeRedisAutoConfiguration;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Limits requests to paths, by {@code forge.rate-limit.rules.*}, and to controllers, by {@link RateLimit}.
 *
 * <p>With an invalid limit, the application does not start.
 */
@AutoConfiguration(after = ForgeRedisAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(WebMvcConfigurer.class)
@ConditionalOnBean(RedisManager.class)
public final class ForgeRateLimitAutoConfiguration {

    /** A class of its own, because its methods name classes that may be absent. */
    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(RateLimitProperties.class)
    static final class Limits {

        @Bean
        RateLimitRules rateLimitRules(
                RedisManager redis, RateLimitProperties properties, ObjectProvider<RateLimitSubject> subjects) {
            // Not before the first request, because a RateLimitSubject may depend on much of the application.
            return new RateLimitRules(
                    redis,
                    properties,
                    SingletonSupplier.of(() -> subjects.getIfAvailable(() -> RateLimitRules::principal)));
        }

        @Bean
        WebMvcConfigurer rateLimitInterceptors(RateLimitRules rules) {
            return new WebMvcConfigurer() {
                @Override
                public void addInterceptors(InterceptorRegistry registry) {
                    rules.ofPaths().forEach((rule, paths) -> {
                        Optional<RateLimitRules.Priced> priced = Optional.of(new RateLimitRules.Priced(rule, 1));
                        registry.addInterceptor(new RateLimitInterceptor(handler -> priced))
                                .addPathPatterns(paths);
                    });
                    registry.addInterceptor(new RateLimitInterceptor(
                            handler -> handler instanceof HandlerMethod method ? rules.of(method) : Optional.empty()));
                }
            };
        }

        @Bean
        RateLimitAdvice rateLimitAdvice() {
            return new RateLimitAdvice();
        }

        @Bean
        SmartInitializingSingleton rateLimitCheck(
                RateLimitRules rules, ObjectProvider<RequestMappingHandlerMapping> mappings) {
            return () -> mappings.forEach(
                    mapping -> mapping.getHandlerMethods().values().forEach(rules::of));
        }
    }
}
