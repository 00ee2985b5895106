package dev.forge.redis.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.spring.cache.report.CachingReport;
import dev.forge.redis.test.RedisExtension;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Interfaces with cache annotations whose beans are proxies, as Spring Data makes them. */
@ExtendWith(OutputCaptureExtension.class)
class CachedInterfaceTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private static final AtomicInteger CALLS = new AtomicInteger();

    private final ApplicationContextRunner application = CachingContext.runner(Application.class, SERVER.url());

    record Vet(int id, String name) {}

    /** A part of an answer, which JSON cannot make. */
    interface Page<T> extends Iterable<T> {}

    interface Repository<T> {
        @Cacheable("first")
        T first(int id);
    }

    interface Vets extends Repository<Vet> {
        @Cacheable("vets")
        Collection<Vet> findAll();

        @Cacheable("vets")
        Page<Vet> findAll(int page);
    }

    record VetsFactory() implements FactoryBean<Vets> {
        @Override
        public Vets getObject() {
            Class<?>[] interfaces = {Vets.class};
            return (Vets) Proxy.newProxyInstance(Vets.class.getClassLoader(), interfaces, (self, method, arguments) -> {
                if (method.getDeclaringClass() == Object.class) {
                    return method.invoke(this, arguments);
                }
                Vet vet = new Vet(CALLS.incrementAndGet(), "Helen");
                return switch (method.getName()) {
                    case "first" -> vet;
                    default -> arguments == null ? List.of(vet) : (Page<Vet>) List.of(vet)::iterator;
                };
            });
        }

        @Override
        public Class<?> getObjectType() {
            return Vets.class;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Application {
        @Bean
        VetsFactory vets() {
            return new VetsFactory();
        }
    }

    @BeforeEach
    void count() {
        CALLS.set(0);
    }

    @Test
    void knowsTheTypesThatTheInterfaceOfAProxyDeclares() {
        application.run(context -> {
            Vets vets = context.getBean(Vets.class);
            for (int i = 0; i < 2; i++) {
                assertThat(vets.findAll()).containsExactly(new Vet(1, "Helen"));
            }
            for (int i = 0; i < 2; i++) {
                assertThat(vets.first(7)).isEqualTo(new Vet(2, "Helen"));
            }
        });
    }

    @Test
    void namesTheMethodOfTheInterfaceWhoseTypeCannotBeCached(CapturedOutput output) {
        application.run(context -> {
            Vets vets = context.getBean(Vets.class);

            assertThat(vets.findAll(1)).containsExactly(new Vet(1, "Helen"));
            assertThat(vets.findAll(1)).containsExactly(new Vet(2, "Helen"));
        });
        assertThat(output)
                .containsOnlyOnce("are not cached in")
                .contains("$Vets.findAll(int) are not cached in [vets]");
    }

    @Test
    void reportsAProxyUnderItsInterfaceAndWithoutAFalseProblem() {
        application.run(context -> {
            Vets vets = context.getBean(Vets.class);
            vets.findAll();

            List<CachingReport.Annotated> methods = new CachingReport(
                            context.getBeanFactory(), context.getEnvironment())
                    .report()
                    .methods();

            assertThat(methods)
                    .extracting(CachingReport.Annotated::method)
                    .containsExactlyInAnyOrder(
                            Vets.class.getName() + ".findAll",
                            Vets.class.getName() + ".findAll",
                            Vets.class.getName() + ".first");
            assertThat(methods)
                    .flatExtracting(CachingReport.Annotated::problems)
                    .singleElement()
                    .asString()
                    .contains("$Vets.findAll(int) are not cached in [vets]");
        });
    }
}
