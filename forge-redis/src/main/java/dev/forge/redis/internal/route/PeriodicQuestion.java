package dev.forge.redis.internal.route;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A question that is asked again and again, one at a time; a question without an answer changes nothing. */
final class PeriodicQuestion<T> {

    private final long periodNanos;
    private final Supplier<CompletionStage<T>> question;
    private final Consumer<T> answered;
    private final AtomicBoolean asking = new AtomicBoolean();

    private volatile long askedAt = System.nanoTime();

    PeriodicQuestion(Duration period, Supplier<CompletionStage<T>> question, Consumer<T> answered) {
        this.periodNanos = period.toNanos();
        this.question = question;
        this.answered = answered;
    }

    /** Asks if the period is over; to be called more often than that. */
    void tick() {
        if (System.nanoTime() - askedAt >= periodNanos) {
            ask();
        }
    }

    /** Lets the next question be due once {@code pause}, which is shorter than the period, is over. */
    void askAfter(Duration pause) {
        askedAt = System.nanoTime() - periodNanos + pause.toNanos();
    }

    /** Asks now, unless it has been asked and there is no answer yet. */
    void ask() {
        if (!asking.compareAndSet(false, true)) {
            return;
        }
        askedAt = System.nanoTime();
        try {
            question.get().whenComplete((answer, failure) -> {
                asking.set(false);
                if (answer != null) {
                    answered.accept(answer);
                }
            });
        } catch (Throwable e) {
            // For example for lack of memory: it is asked again after the period.
            asking.set(false);
            throw e;
        }
    }
}
