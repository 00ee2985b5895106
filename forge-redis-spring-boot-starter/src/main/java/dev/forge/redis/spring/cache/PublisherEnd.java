package dev.forge.redis.spring.cache;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
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
     * Returns {@code publisher}, which runs {@code end} once it completes, fails or is cancelled. It completes when the
     * future of {@code end} does.
     */
    static Object after(ReactiveAdapter adapter, @Nullable Object publisher, Supplier<CompletableFuture<Void>> end) {
        Publisher<?> source = adapter.toPublisher(publisher);
        Mono<Void> ending = Mono.defer(() -> Mono.fromFuture(end));
        Consumer<SignalType> always = signal -> {
            var unused = end.get();
        };
        return adapter.fromPublisher(
                adapter.isMultiValue()
                        ? Flux.from(source)
                                .concatWith(ending.then(Mono.empty()))
                                .doFinally(always)
                        : Mono.from(source).delayUntil(value -> ending).doFinally(always));
    }
}
