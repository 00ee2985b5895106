package dev.forge.redis.internal.health;

import dev.forge.redis.health.Health;
import dev.forge.redis.health.Health.Details;
import dev.forge.redis.health.Health.Down;
import dev.forge.redis.health.Health.ReadOnly;
import dev.forge.redis.health.Health.Up;
import dev.forge.redis.internal.command.Commands;
import dev.forge.redis.internal.route.RedisNode;
import dev.forge.redis.internal.thread.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The health of a cluster: that of its worst primary, because the keys of every primary matter equally. */
public final class ClusterHealth {

    private ClusterHealth() {}

    /** Probes all primaries at once; each probe ends within half a second. */
    public static CompletableFuture<Health> probe(Commands commands, Map<RedisNode, byte[]> keys, Scheduler scheduler) {
        List<CompletableFuture<Health>> probes = new ArrayList<>();
        keys.forEach(
                (node, key) -> probes.add(new HealthProbe(commands.on(node), key, node.address(), scheduler).probe()));
        return CompletableFuture.allOf(probes.toArray(CompletableFuture[]::new))
                .thenApply(done ->
                        worst(probes.stream().map(CompletableFuture::join).toList()));
    }

    /** Returns the worst of {@code all}, which is not empty; its details combine those of all. */
    static Health worst(List<Health> all) {
        List<Down> down = ofKind(all, Down.class);
        if (!down.isEmpty()) {
            return new Down(
                    down.get(0).reason(),
                    down.size() + " of " + all.size() + " primaries: "
                            + down.get(0).message());
        }
        List<ReadOnly> readOnly = ofKind(all, ReadOnly.class);
        Details together = together(all.stream().map(ClusterHealth::details).toList());
        return readOnly.isEmpty()
                ? new Up(together)
                : new ReadOnly(readOnly.get(0).reason(), together);
    }

    private static <T> List<T> ofKind(List<Health> all, Class<T> kind) {
        return all.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private static Details details(Health health) {
        return health instanceof Up up ? up.details() : ((ReadOnly) health).details();
    }

    private static Details together(List<Details> all) {
        Details first = all.get(0);
        Duration latency = first.latency();
        long used = 0;
        long most = 0;
        boolean bounded = true;
        for (Details details : all) {
            latency = latency.compareTo(details.latency()) < 0 ? details.latency() : latency;
            used += details.usedMemory();
            most += details.maxMemory();
            bounded &= details.maxMemory() > 0;
        }
        return new Details(
                latency,
                first.mode(),
                first.role(),
                first.version(),
                Math.max(used, -1),
                bounded ? most : first.maxMemory() < 0 ? -1 : 0,
                first.evictionPolicy(),
                first.tracking());
    }
}
