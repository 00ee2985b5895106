package dev.forge.redis.internal.route;

import dev.forge.redis.internal.thread.Futures;
import dev.forge.redis.internal.thread.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One question, sent to several nodes of a cluster at once.
 *
 * <p>The answers that arrive within {@value #ANSWER_MILLIS} ms are delivered together. Each later answer is delivered
 * when it arrives, with all earlier ones.
 */
final class ClusterQuestion {

    private static final long ANSWER_MILLIS = 500;

    private final Consumer<List<ClusterView.Answer>> answered;

    // Guarded by this.
    private final List<ClusterView.Answer> answers = new ArrayList<>();
    private boolean over;

    private ClusterQuestion(Consumer<List<ClusterView.Answer>> answered) {
        this.answered = answered;
    }

    /**
     * Asks {@code nodes}.
     *
     * @param ask asks one of them
     * @param failed runs with the cause for each node that does not answer
     * @param answered runs once with the answers that came in time, perhaps none, and again after each late answer
     */
    static void ask(
            List<RedisNode> nodes,
            Function<RedisNode, CompletableFuture<ClusterView.Answer>> ask,
            Consumer<Throwable> failed,
            Consumer<List<ClusterView.Answer>> answered,
            Scheduler scheduler) {
        ClusterQuestion question = new ClusterQuestion(answered);
        CompletableFuture<?>[] all = nodes.stream()
                .map(node -> ask.apply(node).handle((answer, failure) -> {
                    if (answer != null) {
                        question.take(answer);
                    } else {
                        failed.accept(Futures.unwrapped(failure));
                    }
                    return null;
                }))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(all).whenComplete((done, failure) -> question.end());
        scheduler.after(ANSWER_MILLIS, question::end);
    }

    private void take(ClusterView.Answer answer) {
        List<ClusterView.Answer> all;
        synchronized (this) {
            answers.add(answer);
            if (!over) {
                return;
            }
            all = List.copyOf(answers);
        }
        answered.accept(all);
    }

    private void end() {
        List<ClusterView.Answer> all;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            all = List.copyOf(answers);
        }
        answered.accept(all);
    }
}
