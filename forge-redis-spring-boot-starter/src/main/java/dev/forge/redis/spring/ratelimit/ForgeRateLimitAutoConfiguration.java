package dev.forge.redis.spring.ratelimit;

import dev.forge.redis.RedisManager;
import dev.forge.redis.spring.connection.ForgeRedisAutoConfiguration;
import dev.forge.redis.spring.connection.RedisServers;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.servlet.DispatcherType;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ViewResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.handler.MappedInterceptor;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Limits requests to paths, by {@code forge.rate-limit.rules.*}, and to controllers, by {@link RateLimit}.
 *
 * <p>With an invalid limit, the application does not start.
 */
@AutoConfiguration(after = ForgeRedisAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(WebMvcConfigurer.class)
@ConditionalOnBean(RedisManager.class)
@EnableConfigurationProperties(RateLimitProperties.class)
public final class ForgeRateLimitAutoConfiguration {

    /** The order of Spring Security's filters in Spring Boot, unless {@code spring.security.filter.order} is set. */
    private static final int SECURITY_ORDER = -100;

    /** By which Spring MVC, and Spring Security too, compare paths: they may ignore the case of a path. */
    private static final String PARSER = "mvcPatternParser";

    @Bean
    RateLimitRules forgeRateLimitRules(
            RedisServers servers,
            RateLimitProperties properties,
            ObjectProvider<RateLimitSubject> subjects,
            ObjectProvider<RateLimitPlan> plans) {
        // Not before the first request, because these beans may depend on much of the application.
        return new RateLimitRules(
                servers,
                properties,
                SingletonSupplier.of(() -> subjects.getIfAvailable(() -> RequestSubjects::principal)),
                SingletonSupplier.of(() -> plans.getIfAvailable(() -> request -> Optional.empty())));
    }

    @Bean
    FilterRegistrationBean<RateLimitFilter> forgeRateLimitFilter(
            RateLimitRules rules,
            @Qualifier(PARSER) ObjectProvider<PathPatternParser> parser,
            ObjectProvider<HandlerExceptionResolver> exceptions,
            ObjectProvider<ViewResolver> views,
            Environment environment) {
        List<PathRule> early =
                rules.ofPaths().stream().filter(PathRule::beforeSecurity).toList();
        RateLimitFilter filter = new RateLimitFilter(early, () -> routes(parser), new RefusalAnswer(exceptions, views));
        FilterRegistrationBean<RateLimitFilter> registration = new FilterRegistrationBean<>(filter);
        registration.setEnabled(!early.isEmpty());
        registration.setDispatcherTypes(DispatcherType.REQUEST);
        registration.setOrder(
                environment.getProperty("spring.security.filter.order", Integer.class, SECURITY_ORDER) - 1);
        return registration;
    }

    @Bean
    WebMvcConfigurer forgeRateLimitInterceptors(
            RateLimitRules rules, @Qualifier(PARSER) ObjectProvider<PathPatternParser> parser) {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                // First, because only an annotation says what a request costs; a rule counts each request once.
                registry.addInterceptor(RateLimitInterceptor.ofAnnotations(rules));
                for (PathRule rule : rules.ofPaths()) {
                    if (!rule.beforeSecurity()) {
                        // Not addPathPatterns, which has a parser that never ignores the case of a path.
                        registry.addInterceptor(new MappedInterceptor(
                                rule.paths().toArray(String[]::new),
                                null,
                                null,
                                null,
                                RateLimitInterceptor.ofPaths(rule),
                                routes(parser)));
                    }
                }
            }
        };
    }

    private static PathPatternParser routes(ObjectProvider<PathPatternParser> parser) {
        return parser.getIfAvailable(() -> PathPatternParser.defaultInstance);
    }

    @Bean
    RateLimitAdvice forgeRateLimitAdvice() {
        return new RateLimitAdvice();
    }

    @Bean
    SmartInitializingSingleton forgeRateLimitCheck(
            RateLimitRules rules,
            ObjectProvider<RequestMappingHandlerMapping> mappings,
            ConfigurableApplicationContext context) {
        return () -> {
            List<HandlerMethod> handlers = mappings.stream()
                    .flatMap(mapping -> mapping.getHandlerMethods().values().stream())
                    .toList();
            handlers.forEach(rules::of);
            checkControllers(handlers, context.getBeanFactory());
        };
    }

    private static void checkControllers(List<HandlerMethod> handlers, ConfigurableListableBeanFactory beans) {
        Set<Class<?>> controllers = new HashSet<>();
        for (HandlerMethod handler : handlers) {
            controllers.add(ClassUtils.getUserClass(handler.getBeanType()));
            // Behind a proxy of its interfaces.
            Class<?> target = handler.getBean() instanceof String name ? LimitedBeans.classOf(beans, name) : null;
            if (target != null) {
                controllers.add(target);
            }
        }
        Set<String> others = LimitedBeans.in(beans, type -> !controllers.contains(type));
        if (!others.isEmpty()) {
            throw new IllegalStateException("@RateLimit works only on controllers of Spring MVC, and has no effect in: "
                    + String.join(", ", others) + "; call RateLimiter.tryAcquire there");
        }
    }

    /** What limits in shadow mode would have done, as meters. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterBinder.class)
    static final class ShadowMeters {

        @Bean
        MeterBinder forgeRateLimitShadowMeters(RateLimitRules rules) {
            return registry -> rules.shadows().forEach(shadow -> {
                meter("allowed", shadow, ShadowMode::allowed).register(registry);
                meter("denied", shadow, ShadowMode::denied).register(registry);
            });
        }

        private static FunctionCounter.Builder<ShadowMode> meter(
                String outcome, ShadowMode shadow, ToDoubleFunction<ShadowMode> count) {
            return FunctionCounter.builder("forge.rate-limit.shadow", shadow, count)
                    .description("What a rate limit in shadow mode would have done")
                    .tag("name", shadow.name())
                    .tag("outcome", outcome);
        }
    }
}
