package dev.forge.redis.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.test.EmbeddedRedis;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** When the publishers of annotated methods complete, and what their ends do to the cache. */
class CachedPublisherTest {

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Application {
        @Bean
        Pages pages() {
            return new Pages();
        }
    }

    static class Pages {
        private final AtomicInteger calls = new AtomicInteger();
        private volatile Runnable meanwhile = () -> {};

        public int calls() {
            return calls.get();
        }

        public void meanwhile(Runnable meanwhile) {
            this.meanwhile = meanwhile;
        }

        @Cacheable("pages")
        public Flux<Integer> from(int page) {
            return Flux.defer(() -> Flux.just(calls.incrementAndGet(), 2, 3));
        }

        @Cacheable("titles")
        public Mono<String> title(int page) {
            return Mono.fromRunnable(() -> {
                calls.incrementAndGet();
                meanwhile.run();
            });
        }

        @Cacheable("ages")
        public Mono<Integer> age(int page) {
            return Mono.fromSupplier(calls::incrementAndGet);
        }

        @InvalidateTag(value = "all", cacheNames = "ages")
        public Mono<Void> changed() {
            return Mono.fromRunnable(meanwhile);
        }

        @InvalidateMatching(value = "1*", cacheNames = "ages")
        public Mono<Void> failing() {
            return Mono.error(new IllegalStateException("not changed"));
        }

        @InvalidateMatching(value = "1*", cacheNames = "ages")
        public Mono<Void> forget() {
            return Mono.empty();
        }
    }

    private static void inApplication(BiConsumer<Pages, EmbeddedRedis> work) {
        try (EmbeddedRedis server = EmbeddedRedis.start()) {
            CachingContext.runner(Application.class, server.url())
                    .run(context -> work.accept(context.getBean(Pages.class), server));
        }
    }

    @Test
    void storesAllOfAFluxOfWhichTheCallerTakesThePartItNeeds() {
        inApplication((pages, server) -> {
            assertThat(pages.from(1).blockFirst()).isEqualTo(1);
            await().until(() -> Integer.valueOf(1).equals(pages.from(1).blockFirst()));
            assertThat(pages.from(1).take(2).collectList().block()).containsExactly(1, 2);
            assertThat(pages.from(1).collectList().block()).containsExactly(1, 2, 3);
            assertThat(pages.from(2).take(1).collectList().block()).hasSize(1);
        });
    }

    @Test
    void anEmptyMonoCompletesWhenItsAbsenceIsInRedis() {
        inApplication((pages, server) -> {
            pages.meanwhile(server::freeze);
            CompletableFuture<String> title = pages.title(1).toFuture();
            await().until(() -> pages.calls() == 1);

            await().during(Duration.ofMillis(300)).until(() -> !title.isDone());
            server.thaw();

            assertThat(title).succeedsWithin(Duration.ofSeconds(10));
        });
    }

    @Test
    void anEmptyMonoCompletesWhenWhatItInvalidatesIsGone() {
        inApplication((pages, server) -> {
            pages.meanwhile(server::freeze);
            CompletableFuture<Void> changed = pages.changed().toFuture();

            await().during(Duration.ofMillis(300)).until(() -> !changed.isDone());
            server.thaw();

            assertThat(changed).succeedsWithin(Duration.ofSeconds(10));
        });
    }

    @Test
    void anEmptyMonoFailsIfRedisIsAwayAndNothingIsInvalidated() {
        inApplication((pages, server) -> {
            server.kill();

            assertThatExceptionOfType(RedisFailure.class)
                    .isThrownBy(() -> pages.changed().block());
        });
    }

    @Test
    void aFailingPublisherInvalidatesNothing() {
        inApplication((pages, server) -> {
            Integer age = pages.age(1).block();

            assertThatIllegalStateException()
                    .isThrownBy(() -> pages.failing().block())
                    .withMessage("not changed");
            assertThat(pages.age(1).block()).isEqualTo(age);

            pages.forget().block();
            assertThat(pages.age(1).block()).isNotEqualTo(age);
        });
    }
}
