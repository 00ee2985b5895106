package dev.forge.redis.internal.route;

import dev.forge.redis.internal.thread.Futures;
import dev.forge.redis.internal.thread.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One question to several nodes of a cluster.
 *
 * <p>All answers that come within {@value #ANSWER_MILLIS} ms are taken together. One that comes later is taken when it comes, with
 * those before it.
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
     * @param failed runs with the reason when one has none
     * @param answered runs once with the answers in time, of which there may be none, and again after each late one
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
