package dev.forge.redis.spring.cache;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/** The end of calls that return a publisher. In a class of its own, because Reactor may be missing. */
final class PublisherEnd {

    private PublisherEnd() {}

    /** Returns the adapter for {@code result}, or null if it is not a publisher. */
    static @Nullable ReactiveAdapter adapterOf(@Nullable Object result) {
        return result instanceof Publisher<?>
                ? ReactiveAdapterRegistry.getSharedInstance().getAdapter(result.getClass())
                : null;
    }

    /**
     * Returns {@code publisher}, which runs {@code end} once it completes, fails or is cancelled, with what it failed with.
     * It completes when the future of {@code end} does.
     */
    static Object after(
            ReactiveAdapter adapter,
            @Nullable Object publisher,
            Function<@Nullable Throwable, CompletableFuture<Void>> end) {
        Publisher<?> source = adapter.toPublisher(publisher);
        Mono<Void> ending = Mono.defer(() -> Mono.fromFuture(end.apply(null)));
        Consumer<Throwable> failed = failure -> {
            var unused = end.apply(failure);
        };
        Consumer<SignalType> always = signal -> {
            var unused = end.apply(null);
        };
        return adapter.fromPublisher(
                adapter.isMultiValue()
                        ? Flux.from(source)
                                .doOnError(failed)
                                .concatWith(ending.then(Mono.empty()))
                                .doFinally(always)
                        : Mono.from(source)
                                .doOnError(failed)
                                .delayUntil(value -> ending)
                                .doFinally(always));
    }
}
