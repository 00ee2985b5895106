package dev.forge.redis.ratelimit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.forge.redis.ratelimit.Decision.Allowed;
import dev.forge.redis.ratelimit.Decision.Basis;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SubjectBatcherTest {

    private static final Limit LIMIT = Limit.of(100, Duration.ofMinutes(1));

    private final Calls calls = new Calls();
    private final SubjectBatcher batcher = new SubjectBatcher(
            calls,
            new OutagePolicy("test", List.of(LIMIT), LimiterSettings.defaults(), System::nanoTime),
            new DenialCache(System::nanoTime),
            Duration.ofSeconds(10),
            System::nanoTime);

    /** The outcomes of the calls to Redis, one after the other. */
    private static final class Calls implements SubjectBatcher.Counts {
        private final Queue<Supplier<CompletableFuture<Count>>> answers = new ArrayDeque<>();

        @Override
        public CompletableFuture<Count> take(String subject, int cost, int requests, Duration timeout) {
            Supplier<CompletableFuture<Count>> answer = answers.poll();
            return answer == null ? CompletableFuture.completedFuture(allowed(requests)) : answer.get();
        }
    }

    record Failing(String name, Throwable thrown, Supplier<CompletableFuture<Count>> answer) {
        static Failing throwing(Error error) {
            return new Failing("throws " + error, error, () -> {
                throw error;
            });
        }

        static Failing throwing(RuntimeException exception) {
            return new Failing("throws " + exception, exception, () -> {
                throw exception;
            });
        }

        static Failing with(Throwable thrown) {
            return new Failing("fails with " + thrown, thrown, () -> CompletableFuture.failedFuture(thrown));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Failing> failures() {
        return Stream.of(
                Failing.throwing(new StackOverflowError("test")),
                Failing.throwing(new InternalError("test")),
                Failing.throwing(new IllegalArgumentException("test")),
                Failing.with(new NoClassDefFoundError("test")),
                Failing.with(new IllegalStateException("test")));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void endsARequestAfterAnyThrowable(Failing failing) throws Exception {
        calls.answers.add(failing.answer());

        assertThat(failure(batcher.decide("ada", 1))).isSameAs(failing.thrown());
        assertThat(answer(batcher.decide("ada", 1))).isEqualTo(allowedWith(0));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void endsAllWaitersAfterAnyThrowable(Failing failing) throws Exception {
        CompletableFuture<Count> first = new CompletableFuture<>();
        calls.answers.add(() -> first);
        calls.answers.add(failing.answer());
        CompletableFuture<Decision> leader = batcher.decide("ada", 1);
        List<CompletableFuture<Decision>> waiting = List.of(batcher.decide("ada", 1), batcher.decide("ada", 1));

        first.complete(allowed(1));

        assertThat(answer(leader)).isEqualTo(allowedWith(0));
        for (CompletableFuture<Decision> each : waiting) {
            assertThat(failure(each)).isSameAs(failing.thrown());
        }
        assertThat(answer(batcher.decide("ada", 1))).isEqualTo(allowedWith(0));
    }

    @Test
    void endsAllRequestsAfterAnInvalidReply() throws Exception {
        CompletableFuture<Count> first = new CompletableFuture<>();
        calls.answers.add(() -> first);
        List<CompletableFuture<Decision>> asked =
                List.of(batcher.decide("ada", 1), batcher.decide("ada", 1), batcher.decide("ada", 1));

        first.complete(unusable());

        for (CompletableFuture<Decision> each : asked) {
            assertThat(failure(each)).isInstanceOf(NullPointerException.class);
        }
        assertThat(answer(batcher.decide("ada", 1))).isEqualTo(allowedWith(0));
    }

    @Test
    void continuesAfterACallbackThrowsAnError() throws Exception {
        CompletableFuture<Count> first = new CompletableFuture<>();
        calls.answers.add(() -> first);
        CompletableFuture<Decision> leader = batcher.decide("ada", 1);
        CompletableFuture<Void> callback = leader.thenAccept(decision -> {
            throw new StackOverflowError("of the caller");
        });
        CompletableFuture<Decision> waiting = batcher.decide("ada", 1);

        first.complete(allowed(1));

        assertThat(failure(callback)).isInstanceOf(StackOverflowError.class);
        assertThat(answer(waiting)).isEqualTo(allowedWith(0));
        assertThat(answer(batcher.decide("ada", 1))).isEqualTo(allowedWith(0));
    }

    private static Throwable failure(CompletableFuture<?> future) {
        return requireNonNull(assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> future.get(1, TimeUnit.SECONDS))
                .actual()
                .getCause());
    }

    private static Decision answer(CompletableFuture<Decision> future) throws Exception {
        return future.get(1, TimeUnit.SECONDS);
    }

    private static Count allowed(int requests) {
        return new Count(1, requests, 0, Duration.ZERO, Duration.ZERO, LIMIT);
    }

    private static Decision allowedWith(long left) {
        return new Allowed(left, Duration.ZERO, Duration.ZERO, Basis.COUNT, LIMIT);
    }

    @SuppressWarnings("NullAway") // such an answer cannot be; something in its place may throw
    private static Count unusable() {
        return new Count(1, 1, 0, null, Duration.ZERO, LIMIT);
    }
}
