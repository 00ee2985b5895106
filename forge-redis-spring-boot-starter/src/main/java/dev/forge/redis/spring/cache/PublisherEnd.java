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
     * Returns {@code publisher}, which completes when the future of {@code completed} does.
     *
     * @param failed gets the failure if the publisher fails
     * @param cancelled runs if its subscriber cancels it
     */
    static Object after(
            ReactiveAdapter adapter,
            @Nullable Object publisher,
            Supplier<CompletableFuture<Void>> completed,
            Consumer<Throwable> failed,
            Runnable cancelled) {
        Publisher<?> source = adapter.toPublisher(publisher);
        Mono<Object> ending = Mono.defer(() -> Mono.fromFuture(completed)).then(Mono.empty());
        Consumer<SignalType> otherwise = signal -> {
            if (signal == SignalType.CANCEL) {
                cancelled.run();
            }
        };
        return adapter.fromPublisher(
                adapter.isMultiValue()
                        ? Flux.<Object>from(source)
                                .doOnError(failed)
                                .concatWith(ending)
                                .doFinally(otherwise)
                        : Mono.<Object>from(source)
                                .doOnError(failed)
                                .delayUntil(value -> ending)
                                .switchIfEmpty(ending)
                                .doFinally(otherwise));
    }
}
