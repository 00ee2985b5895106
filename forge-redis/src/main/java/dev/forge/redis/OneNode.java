package dev.forge.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The way to one primary, at a fixed address or at the one that sentinels name; and to its replicas, if they are read from. */
final class OneNode implements Route {

    private static final long REPLACE_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final RedisNode primary;
    private final @Nullable Replicas replicas;
    private final AtomicLong replacedAt = new AtomicLong(System.nanoTime() - REPLACE_PAUSE_NANOS);

    OneNode(RedisNode primary, @Nullable Replicas replicas) {
        this.primary = primary;
        this.replicas = replicas;
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
        RedisNode replica = replicas == null || !call.command().isRead() || call.key() == null ? null : replicas.next();
        return replica == null ? primary : replica;
    }

    /** Connects anew where the node says that it takes no writes: the address may by now lead to another. */
    @Override
    public boolean redirect(Call<?> call, RefusalReason reason, String error) {
        if (reason == RefusalReason.READONLY) {
            long last = replacedAt.get();
            long now = System.nanoTime();
            if (now - last >= REPLACE_PAUSE_NANOS && replacedAt.compareAndSet(last, now)) {
                primary.replace();
            }
        }
        return false;
    }

    @Override
    public List<RedisNode> primaries() {
        return List.of(primary);
    }

    @Override
    public RedisNode primaryOf(int slot) {
        return primary;
    }

    @Override
    public void refresh() {
        // The sentinels are asked at each connect.
    }

    @Override
    public long version() {
        return 0;
    }

    @Override
    public boolean isCluster() {
        return false;
    }

    @Override
    public void tick() {
        primary.listen();
        if (replicas != null) {
            replicas.tick();
        }
    }

    @Override
    public int load() {
        return primary.load() + (replicas == null ? 0 : replicas.load());
    }

    @Override
    public void close() {
        primary.close();
        if (replicas != null) {
            replicas.close();
        }
    }
}
