package dev.forge.redis.internal.route;

import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves a primary that still replies although more than half of all sentinels name another: it may be cut off from
 * them, or they were told to monitor another server. What is written to it would be lost.
 *
 * <p>The sentinels are asked every five seconds, and a second after they have named another server. They must name the same
 * one twice in a row, so that a single stray answer does not move the connections. A minority does not count: with the others down, a sentinel that names a
 * former primary would lead to it.
 */
final class PrimaryWatch {

    private static final Logger LOG = LoggerFactory.getLogger("dev.forge.redis");

    private static final Duration PERIOD = Duration.ofSeconds(5);
    private static final Duration SOON = Duration.ofSeconds(1);

    private final Supplier<@Nullable String> connectedTo;
    private final Runnable move;
    private final PeriodicQuestion<HostAndPort> question;

    private volatile @Nullable HostAndPort suspect;
    private volatile @Nullable HostAndPort warnedOf;

    /**
     * @param connectedTo returns the address of the current primary, or null while there is no connection
     * @param move replaces the connections with those to the primary that the sentinels name
     * @param named asks the sentinels for that address
     */
    PrimaryWatch(Supplier<@Nullable String> connectedTo, Runnable move, Supplier<CompletionStage<HostAndPort>> named) {
        this.connectedTo = connectedTo;
        this.move = move;
        this.question = new PeriodicQuestion<>(PERIOD, named, this::named);
    }

    /** Asks the sentinels if that is due. */
    void tick() {
        question.tick();
    }

    /** The sentinels name {@code address}. */
    void named(HostAndPort address) {
        String connected = connectedTo.get();
        if (connected == null || connected.equals(address.toString())) {
            suspect = null;
            warnedOf = null;
        } else if (address.equals(suspect)) {
            if (!address.equals(warnedOf)) {
                warnedOf = address;
                LOG.warn(
                        "The sentinels name {} as the primary, but commands go to {}; connecting to the one that they name",
                        address,
                        connected);
            }
            move.run();
        } else {
            suspect = address;
            question.askAfter(SOON);
        }
    }
}
