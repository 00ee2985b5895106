// forge:file redis
package com.example.app.ratelimit;

import dev.forge.redis.RedisManager;
import dev.forge.redis.ratelimit.Limit;
import dev.forge.redis.ratelimit.RateLimiter;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Puts a rate limit on everything under {@code /api}. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RateLimitSettings.class)
class RateLimitConfiguration {
    @Bean
    RateLimiter apiLimiter(RedisManager redis, RateLimitSettings settings) {
        return RateLimiter.slidingWindow(redis, "api", Limit.of(settings.permits(), settings.window()));
    }

    @Bean
    WebMvcConfigurer apiLimit(RateLimitInterceptor interceptor) {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(interceptor).addPathPatterns("/api/**");
            }
        };
    }
}
