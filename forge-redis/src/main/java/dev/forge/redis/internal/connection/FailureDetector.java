package dev.forge.redis.internal.connection;

import java.util.concurrent.TimeUnit;

/**
 * Decides whether a server is unresponsive, and what the connection does about it.
 *
 * <p>Replies come in the order of the commands. So where a command was sent and no byte has come back for a while,
 * later commands will get no reply either. TCP does not show this: the kernel of a frozen server still acknowledges.
 *
 * <pre>
 *        ,------ look: a byte has come since the PING -------.
 *        v                                                    \
 *   RESPONSIVE ----- look: no byte for 750 ms: ASK --------> ASKED --------- look: 1.5 s: CLOSE ---> closed
 *        \                                                   |  ^                                      ^
 *         \                         look: 500 ms, or missed  |  | heard                                |
 *          \                                                 v  |                                      |
 *           `------ missed: ASK -------------------> UNRESPONSIVE --------- look: 1.5 s: CLOSE ---------'
 * </pre>
 *
 * <p>{@code look} runs periodically. {@code missed} means that a call timed out and no byte has come since it began;
 * {@code heard} means that a byte has come. The 500 ms and 1.5 s count from the PING; the 500 ms grow to twice the time
 * that the previous PING took. {@link ConnectionMonitor} closes the connection 50 ms after CLOSE, unless a byte has
 * come by then.
 *
 * <p>Independently of these states, each PING also checks that replies go to the right calls. {@code look} requests one
 * for that alone (CHECK) 750 ms after the previous, and {@code missed} does when bytes but not the reply have come
 * since the call began. Neither does while the reply to such a PING is outstanding.
 */
final class FailureDetector {

    /** A connection on which no byte comes for this long is pinged; one on which bytes come is pinged as often. */
    private static final long ASK_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(750);

    /** After this long without a reply it takes no more calls, unless the last reply took more than half as long. */
    private static final long SUSPECT_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** After this long without a reply it is closed. */
    private static final long CLOSE_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);

    private volatile long heardAt = System.nanoTime();
    private volatile long answerAt = heardAt;
    private volatile long askedAt;
    private volatile long checkedAt = heardAt;
    private volatile boolean checking;
    private volatile long answeredIn;
    private volatile boolean asked;
    private volatile boolean unresponsive;

    /** What the connection has to do now. */
    enum Step {
        NOTHING,
        /** Send a PING, to see whether the server replies. */
        ASK,
        /** Send a PING, only to see whether replies still go to the right calls. */
        CHECK,
        CLOSE
    }

    /** Bytes have come from the server. */
    void heard() {
        heardAt = System.nanoTime();
        if (unresponsive) {
            unresponsive = false;
        }
    }

    /** The bytes that have just come completed the reply to a call. */
    void answer() {
        long now = heardAt;
        if (answerAt != now) {
            answerAt = now;
        }
    }

    /**
     * Returns whether bytes have come since {@code startedAt}, and yet a call sent then will never get its reply.
     *
     * <p>A damaged length makes the reader take all later bytes for the rest of one reply, or of one after the other.
     * The sign of this is that no call has got a reply since, or that a check sent as long before the call has none.
     */
    boolean isStuck(long startedAt) {
        if (heardAt - startedAt < 0) {
            return false;
        }
        return answerAt - startedAt < 0 || (checking && startedAt - checkedAt >= System.nanoTime() - startedAt);
    }

    /** Returns whether the server owes a reply and has sent nothing for a while, so it should get no more calls. */
    boolean isUnresponsive() {
        return unresponsive;
    }

    /** Returns for how long the server has sent nothing. */
    long unresponsiveMillis() {
        return (System.nanoTime() - heardAt) / 1_000_000;
    }

    /** Returns what is due by now; called periodically. */
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
            unresponsive = false;
            return Step.NOTHING;
        }
        long patience = now - askedAt;
        if (patience >= CLOSE_AFTER_NANOS) {
            return Step.CLOSE;
        }
        if (patience >= Math.max(SUSPECT_AFTER_NANOS, 2 * answeredIn)) {
            unresponsive = true;
        }
        return Step.NOTHING;
    }

    /** A call that began at {@code startedAt} has timed out; returns what to do. */
    Step missed(long startedAt) {
        if (heardAt - startedAt >= 0) {
            return !checking && checkedAt - startedAt < 0 ? Step.CHECK : Step.NOTHING;
        }
        unresponsive = true;
        return asked ? Step.NOTHING : Step.ASK;
    }

    /** A PING is being sent to see whether the server replies. */
    void ask() {
        askedAt = System.nanoTime();
        asked = true;
        check();
    }

    /** A PING is being sent to see whether replies go to the right calls. */
    void check() {
        if (!checking) {
            checkedAt = System.nanoTime();
            checking = true;
        }
    }

    /** The reply to the PING has come. */
    void checked() {
        checking = false;
    }

    /** Returns whether any byte has come since the PING, or no PING is under way. */
    boolean isAnswered() {
        return !asked || heardAt - askedAt >= 0;
    }
}
