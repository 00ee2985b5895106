package dev.forge.redis.spring.ratelimit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import dev.forge.redis.test.RedisExtension;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.config.BeanDefinitionHolder;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.stereotype.Controller;
import org.springframework.stereotype.Service;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.WebApplicationContext;

/** Beans with {@link RateLimit}: controllers are limited, and others stop the start. */
class LimitedBeansTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private final WebApplicationContextRunner application =
            LimitedApplication.on(SERVER).withUserConfiguration(LimitedApplication.Api.class);

    @Service
    static class Exports {

        @RateLimit(name = "exports", permits = 1, period = "1h")
        public void export() {
            // only its annotation counts
        }
    }

    @RateLimit(name = "exports", permits = 1, period = "1h")
    static class Jobs {
        // only its annotation counts
    }

    /** Answers no request: a method has a mapping of GraphQL or of messages, for example. */
    @Controller
    static class WithoutRoutes {

        @RateLimit(name = "routes", permits = 1, period = "1h")
        public void query() {
            // only its annotation counts
        }
    }

    interface Orders {

        @RateLimit(name = "orders", permits = 1, period = "1h", subject = "address")
        @GetMapping("/orders")
        String orders();
    }

    @RestController
    static class OrderController implements Orders {
        @Override
        public String orders() {
            return "orders";
        }
    }

    /** Calls the service that has the controller. */
    static class OrderClient implements Orders {
        @Override
        public String orders() {
            return "orders of another service";
        }
    }

    /** As Mockito makes one. */
    static class OrderMock implements Orders {
        @Override
        @RateLimit(name = "orders", permits = 1, period = "1h", subject = "address")
        public String orders() {
            return "";
        }
    }

    @RateLimit(name = "exports", permits = 1, period = "1h")
    interface Reports {}

    /** As Mockito makes one. */
    @RateLimit(name = "exports", permits = 1, period = "1h")
    static class ReportMock implements Reports {}

    @RestController
    interface Invoices {

        @RateLimit(name = "invoices", permits = 1, period = "1h", subject = "address")
        @GetMapping("/invoices")
        String invoices();
    }

    static class ProxiedInvoices implements Invoices {
        @Override
        public String invoices() {
            return "invoices";
        }
    }

    @Test
    void stopApplicationsIfTheyAreNoControllers() {
        application
                .withBean(Exports.class)
                .withBean(Jobs.class)
                .withBean(WithoutRoutes.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContainingAll(
                                "only on controllers of Spring MVC",
                                Exports.class.getName(),
                                Jobs.class.getName(),
                                WithoutRoutes.class.getName()));
    }

    @Test
    void mayShareTheInterfaceOfAControllerAsItsClients() {
        MethodInterceptor call = invocation -> "orders of another service";
        application
                .withBean(OrderController.class)
                .withBean(OrderClient.class)
                .withBean(OrderMock.class)
                .withBean(ReportMock.class)
                .withBean("http", Orders.class, () -> ProxyFactory.getProxy(Orders.class, call))
                .run(context -> assertIsLimited(context.getSourceApplicationContext(), "/orders"));
    }

    @Test
    void mayBeBehindAProxyOfTheInterfaceThatMakesThemControllers() {
        application
                .withBean("invoices", ProxiedInvoices.class)
                .withBean(BeanNameAutoProxyCreator.class, () -> {
                    BeanNameAutoProxyCreator proxies = new BeanNameAutoProxyCreator();
                    proxies.setBeanNames("invoices");
                    return proxies;
                })
                .run(context -> assertIsLimited(context.getSourceApplicationContext(), "/invoices"));
    }

    @Test
    void mayBeBehindAScopedProxyOfTheInterfaceThatMakesThemControllers() {
        application
                .withInitializer(context -> {
                    BeanDefinitionRegistry beans = (BeanDefinitionRegistry) context.getBeanFactory();
                    RootBeanDefinition target = new RootBeanDefinition(ProxiedInvoices.class);
                    var proxy = ScopedProxyUtils.createScopedProxy(
                            new BeanDefinitionHolder(target, "invoices"), beans, false);
                    beans.registerBeanDefinition("invoices", proxy.getBeanDefinition());
                })
                .run(context -> assertIsLimited(context.getSourceApplicationContext(), "/invoices"));
    }

    private static void assertIsLimited(@Nullable WebApplicationContext context, String path) throws Exception {
        var mvc = LimitedApplication.mvc(requireNonNull(context));
        mvc.perform(get(path));

        assertThat(mvc.perform(get(path)).andReturn().getResponse().getStatus()).isEqualTo(429);
    }
}
