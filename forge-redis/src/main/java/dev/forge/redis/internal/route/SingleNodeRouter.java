package dev.forge.redis.internal.route;

import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.internal.connection.Connector;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.CallConnection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sends calls to one primary, at a fixed address or named by sentinels, and reads to its replicas if the settings say
 * so.
 */
final class SingleNodeRouter implements CommandRouter {

    private final RedisNode primary;
    private final Connector toWritable;
    private final @Nullable Replicas replicas;
    private final @Nullable PrimaryWatch watch;

    private final ReadOnlyPause pause = new ReadOnlyPause(System::nanoTime);

    /** @param toWritable connects to the primary, and fails if the server there is a replica */
    SingleNodeRouter(
            RedisNode primary, Connector toWritable, @Nullable Replicas replicas, @Nullable PrimaryWatch watch) {
        this.primary = primary;
        this.toWritable = toWritable;
        this.replicas = replicas;
        this.watch = watch;
    }

    @Override
    public CompletableFuture<Void> open() {
        if (replicas != null) {
            replicas.look();
        }
        return primary.open();
    }

    @Override
    public void dispatch(Call<?> call) {
        nodeFor(call).dispatch(call);
    }

    @Override
    public void dispatchAgain(Call<?> call) {
        RedisNode node = nodeFor(call);
        if (node.isUp()) {
            node.dispatch(call);
        } else {
            primary.dispatchAgain(call);
        }
    }

    private RedisNode nodeFor(Call<?> call) {
        RedisNode replica = replicas == null || !call.isReadOfKey() ? null : replicas.next();
        return replica == null ? primary : replica;
    }

    /**
     * Connects again when the server refuses writes, because the address may lead to another server by now. The old
     * connections stay in use until there is one to a primary.
     *
     * <p>A read that a replica refused, because it cannot serve now, is sent to the primary.
     */
    @Override
    public boolean redirect(Call<?> call, RefusalReason reason, String error) {
        if (reason == RefusalReason.READONLY && pause.isOver()) {
            primary.replace(call.connection, toWritable);
        }
        CallConnection sender = call.connection;
        // Only once: after a failover the primary may still be in the list of replicas.
        if (replicas == null || sender == null || !call.isReadOfKey() || call.repeats > 0) {
            return false;
        }
        call.repeats++;
        RedisNode replica = Replicas.at(sender.address(), replicas.nodes());
        if (replica != null) {
            return replica.passesOn(call, reason, primary);
        }
        // A replica that the sentinels no longer name, unless it was the primary itself.
        return !sender.address().equals(primary.connectedTo()) && primary.takesOver(call, reason);
    }

    @Override
    public List<RedisNode> primaries() {
        return List.of(primary);
    }

    @Override
    public List<RedisNode> nodes() {
        return replicas == null
                ? List.of(primary)
                : Stream.concat(Stream.of(primary), replicas.nodes().stream()).toList();
    }

    @Override
    public RedisNode primaryOf(int slot) {
        return primary;
    }

    @Override
    public int unserved() {
        return 0;
    }

    @Override
    public void refresh() {
        // The sentinels are asked at each connect, and every few seconds.
    }

    @Override
    public long version() {
        return primary.moves();
    }

    @Override
    public boolean isCluster() {
        return false;
    }

    @Override
    public void tick() {
        primary.checkConnections();
        if (watch != null) {
            watch.tick();
        }
        if (replicas != null) {
            replicas.tick();
        }
    }

    @Override
    public void close() {
        primary.close();
        if (replicas != null) {
            replicas.close();
        }
    }
}
