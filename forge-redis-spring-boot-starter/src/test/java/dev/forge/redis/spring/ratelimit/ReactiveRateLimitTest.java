package dev.forge.redis.spring.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.stereotype.Controller;

class ReactiveRateLimitTest {

    private static final AutoConfigurations CHECK = AutoConfigurations.of(ReactiveRateLimitAutoConfiguration.class);

    private final ReactiveWebApplicationContextRunner webFlux =
            new ReactiveWebApplicationContextRunner().withConfiguration(CHECK);

    @Controller
    static class Limited {

        @RateLimit(name = "login", permits = 5, period = "1m")
        public void login() {
            // only its annotation counts
        }
    }

    @Controller
    static class Unlimited {

        public void read() {
            // has no limit
        }
    }

    @Test
    void stopsWebFluxApplicationsWithARule() {
        webFlux.withPropertyValues("forge.rate-limit.rules.login.permits=5")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContainingAll(
                                "this one is WebFlux", "forge.rate-limit.rules.login", "tryAcquireAsync"));
    }

    @Test
    void stopsWebFluxApplicationsWithAnAnnotation() {
        webFlux.withBean(Limited.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContaining("@RateLimit in " + Limited.class.getName()));
    }

    interface Login {
        void login();
    }

    @Controller
    static class Proxied extends Limited implements Login {
        // its interface has no annotation
    }

    @Test
    void findsAnAnnotationBehindAProxyOfInterfaces() {
        webFlux.withBean(Proxied.class)
                .withBean(BeanNameAutoProxyCreator.class, () -> {
                    BeanNameAutoProxyCreator proxies = new BeanNameAutoProxyCreator();
                    proxies.setBeanNames("*roxied");
                    return proxies;
                })
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContaining("@RateLimit in " + Proxied.class.getName()));
    }

    @Test
    void findsAnAnnotationOfABeanThatIsNoController() {
        webFlux.withBean(Limited.class, Limited::new)
                .withBean(Plain.class)
                .run(context -> assertThat(context).getFailure().hasMessageContaining(Plain.class.getName()));
    }

    static class Plain {

        @RateLimit(name = "login", permits = 5, period = "1m")
        public void login() {
            // only its annotation counts
        }
    }

    @Test
    void startsOtherApplications() {
        webFlux.withBean(Unlimited.class)
                .withPropertyValues("forge.rate-limit.trusted-proxies=10.0.0.0/8")
                .run(context -> assertThat(context).hasNotFailed());
        new WebApplicationContextRunner()
                .withConfiguration(CHECK)
                .withBean(Limited.class)
                .run(context -> assertThat(context).hasNotFailed());
    }
}
