package dev.forge.redis.internal;

import dev.forge.redis.health.Diagnosis;
import dev.forge.redis.health.Health;
import dev.forge.redis.internal.command.Commands;
import dev.forge.redis.internal.health.ClusterHealth;
import dev.forge.redis.internal.health.Diagnoser;
import dev.forge.redis.internal.health.HealthProbe;
import dev.forge.redis.internal.route.ClusterView;
import dev.forge.redis.internal.route.CommandRouter;
import dev.forge.redis.internal.route.ProbeKeys;
import dev.forge.redis.internal.route.RedisNode;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.internal.tracking.Tracking;
import dev.forge.redis.settings.RedisSettings;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The health and the diagnosis of the servers that a manager uses: of one, or of every primary of a cluster.
 *
 * <p>Thread-safe. Nothing here blocks.
 */
final class CheckUp {

    private final RedisSettings settings;
    private final Commands commands;
    private final CommandRouter router;
    private final Tracking tracking;
    private final Scheduler scheduler;

    private volatile @Nullable ProbeKeys probeKeys;

    CheckUp(RedisSettings settings, Commands commands, CommandRouter router, Tracking tracking, Scheduler scheduler) {
        this.settings = settings;
        this.commands = commands;
        this.router = router;
        this.tracking = tracking;
        this.scheduler = scheduler;
    }

    /** @param probeKey a key that never exists */
    CompletableFuture<Health> health(byte[] probeKey) {
        List<RedisNode> primaries = router.primaries();
        if (router.isCluster() && !primaries.isEmpty()) {
            int unserved = router.unserved();
            if (unserved > 0) {
                router.refresh();
                return CompletableFuture.completedFuture(new Health.Down(
                        Health.Reason.NOT_SERVED,
                        "no node of " + settings.endpoint() + " serves " + unserved + " of its " + ClusterView.SLOTS
                                + " slots"));
            }
            return ClusterHealth.probe(commands, probeKeys(probeKey), scheduler).thenApply(this::withTracking);
        }
        Commands toPrimary = primaries.isEmpty() ? commands : commands.on(primaries.get(0));
        return new HealthProbe(toPrimary, probeKey, settings.endpoint().toString(), scheduler)
                .probe()
                .thenApply(this::withTracking);
    }

    /**
     * Returns a key on each primary. Cached, because finding one on a primary with few slots takes too long for each
     * probe.
     */
    private Map<RedisNode, byte[]> probeKeys(byte[] start) {
        ProbeKeys known = probeKeys;
        if (known == null || known.version() != router.version()) {
            known = ProbeKeys.of(router, start);
            probeKeys = known;
        }
        return known.keys();
    }

    private Health withTracking(Health health) {
        String state = tracking.state().text();
        if (health instanceof Health.Up up) {
            return new Health.Up(up.details().withTracking(state));
        }
        return health instanceof Health.ReadOnly readOnly
                ? new Health.ReadOnly(readOnly.reason(), readOnly.details().withTracking(state))
                : health;
    }

    /** Diagnoses every primary; a finding that several of them share is reported once. */
    CompletableFuture<Diagnosis> diagnose(byte[] probeKey) {
        List<RedisNode> primaries = router.primaries();
        if (!router.isCluster() || primaries.isEmpty()) {
            return diagnoser(commands, probeKey).diagnose();
        }
        List<CompletableFuture<Diagnosis>> each = new ArrayList<>();
        probeKeys(probeKey)
                .forEach((node, key) ->
                        each.add(diagnoser(commands.on(node), key).diagnose()));
        return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new))
                .thenApply(done -> new Diagnosis(each.stream()
                        .flatMap(one -> one.join().findings().stream())
                        .distinct()
                        .toList()));
    }

    private Diagnoser diagnoser(Commands to, byte[] key) {
        return new Diagnoser(to, settings, key, InstantSource.system(), scheduler);
    }
}
