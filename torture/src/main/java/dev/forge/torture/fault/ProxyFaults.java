package dev.forge.torture.fault;

import dev.forge.redis.test.FaultProxy;
import dev.forge.redis.test.FaultProxy.Direction;
import java.time.Duration;

/** The faults on the way to a single server. */
final class ProxyFaults {

    private static final int MOST_LATENCY_MILLIS = 800;

    /** Delay each way, so that no call of the streams is answered in time. */
    private static final Duration ABOVE_DEADLINE = Duration.ofMillis(350);

    private static final long SLOW_BYTES = 64 * 1024;

    private final FaultProxy proxy;

    ProxyFaults(FaultProxy proxy) {
        this.proxy = proxy;
    }

    void begin(FaultKind kind, int millis, int amount) {
        switch (kind) {
            case RESET -> proxy.reset();
            case RESET_ON_REQUEST -> proxy.resetOnRequest();
            case RESET_ON_REPLY -> proxy.resetOnReply();
            case DROP_REQUESTS -> proxy.dropRequests();
            case DROP_REPLIES -> proxy.dropReplies();
            case BLACK_HOLE -> proxy.blackHole();
            case STALL -> proxy.stall();
            case BLACK_HOLE_OPEN -> proxy.blackHoleOpenConnections();
            case LATENCY -> proxy.latency(part(amount));
            case ABOVE_DEADLINE -> proxy.latency(ABOVE_DEADLINE);
            case ONE_WAY_LATENCY ->
                proxy.latency(amount % 2 == 0 ? Direction.REQUESTS : Direction.REPLIES, part(amount));
            case JITTER -> proxy.jitter(Duration.ZERO, part(amount), amount);
            case BANDWIDTH -> proxy.bandwidth(SLOW_BYTES);
            case HOLD_PACKET -> proxy.holdNext(Duration.ofMillis(Math.max(1, millis - 20)));
            case REFUSE_CONNECTIONS -> {
                proxy.refuse();
                proxy.reset();
            }
            case ACCEPT_AND_IGNORE -> {
                proxy.acceptAndIgnore();
                proxy.reset();
            }
            case CORRUPT_REPLY -> proxy.corruptReply(amount);
            case TRUNCATE_REPLY -> proxy.truncateReply();
            default -> throw new IllegalArgumentException(kind + " does not happen on the way");
        }
    }

    void heal() {
        proxy.heal();
    }

    private static Duration part(int amount) {
        return Duration.ofMillis(amount * MOST_LATENCY_MILLIS / 1_000);
    }
}
