package dev.forge.redis.internal.connection;

import java.util.concurrent.TimeUnit;

/**
 * For how long a server has said nothing, and what is to be done about it.
 *
 * <p>Answers come in the order of the questions. So where something has been asked and nothing at all has come back for a
 * while, nothing will come for what was asked later either. TCP does not tell: the kernel of a frozen server still
 * acknowledges.
 */
final class FailureDetector {

    /** After so long a connection that says nothing is asked whether it is there, and one that does is asked all the same. */
    private static final long ASK_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(750);

    /** After so long without an answer no more calls are given to it, unless it took half as long the last time. */
    private static final long SUSPECT_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** After so long without an answer it is closed. */
    private static final long CLOSE_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);

    private volatile long heardAt = System.nanoTime();
    private volatile long answerAt = heardAt;
    private volatile long askedAt;
    private volatile long checkedAt = heardAt;
    private volatile boolean checking;
    private volatile long answeredIn;
    private volatile boolean asked;
    private volatile boolean silent;

    /** What is to be done now. */
    enum Step {
        NOTHING,
        /** To be asked for a sign of life. */
        ASK,
        /** To be asked the same, only to see whether its answers still belong to their questions. */
        CHECK,
        CLOSE
    }

    /** Something has come from the server. */
    void heard() {
        heardAt = System.nanoTime();
        if (silent) {
            silent = false;
        }
    }

    /** What has just come has answered a call. */
    void answer() {
        long now = heardAt;
        if (answerAt != now) {
            answerAt = now;
        }
    }

    /**
     * Returns whether bytes have come since {@code startedAt}, and yet what was asked then has no hope of its answer: a broken
     * length makes the reader take whatever comes for the rest of one answer, or of one after the other. So there was no answer
     * at all, or what was checked as long before has none.
     */
    boolean isDeaf(long startedAt) {
        if (heardAt - startedAt < 0) {
            return false;
        }
        return answerAt - startedAt < 0 || (checking && startedAt - checkedAt >= System.nanoTime() - startedAt);
    }

    /** Returns whether something has been asked and nothing has come for a while, so that nothing more should be asked. */
    boolean isSilent() {
        return silent;
    }

    /** Returns for how long nothing has come. */
    long millis() {
        return (System.nanoTime() - heardAt) / 1_000_000;
    }

    /** Looks at the clock. */
    Step look() {
        long now = System.nanoTime();
        if (!asked) {
            if (now - heardAt >= ASK_AFTER_NANOS) {
                return Step.ASK;
            }
            return !checking && now - checkedAt >= ASK_AFTER_NANOS ? Step.CHECK : Step.NOTHING;
        }
        if (isAnswered()) {
            answeredIn = heardAt - askedAt;
            asked = false;
            silent = false;
            return Step.NOTHING;
        }
        long patience = now - askedAt;
        if (patience >= CLOSE_AFTER_NANOS) {
            return Step.CLOSE;
        }
        if (patience >= Math.max(SUSPECT_AFTER_NANOS, 2 * answeredIn)) {
            silent = true;
        }
        return Step.NOTHING;
    }

    /** Something that was asked at {@code startedAt} has had no answer in its time. */
    Step missed(long startedAt) {
        if (heardAt - startedAt >= 0) {
            return !checking && checkedAt - startedAt < 0 ? Step.CHECK : Step.NOTHING;
        }
        silent = true;
        return asked ? Step.NOTHING : Step.ASK;
    }

    /** The server is being asked for a sign of life. */
    void ask() {
        askedAt = System.nanoTime();
        asked = true;
        check();
    }

    /** The server is being asked for the sake of its answer. */
    void check() {
        if (!checking) {
            checkedAt = System.nanoTime();
            checking = true;
        }
    }

    /** The answer has come. */
    void checked() {
        checking = false;
    }

    /** Returns whether anything has come since the server was asked. */
    boolean isAnswered() {
        return !asked || heardAt - askedAt >= 0;
    }
}
