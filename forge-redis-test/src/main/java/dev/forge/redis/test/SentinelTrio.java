package dev.forge.redis.test;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import dev.forge.redis.test.Patience.NotYet;
import dev.forge.redis.test.server.EmbeddedRedisException;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The common view of the sentinels that are alive, and the conditions for a failover. */
final class SentinelTrio {
    private final ServerGroup group;
    private final List<EmbeddedRedis> nodes;
    private final List<EmbeddedRedis> sentinels;

    SentinelTrio(ServerGroup group, List<EmbeddedRedis> nodes, List<EmbeddedRedis> sentinels) {
        this.group = group;
        this.nodes = nodes;
        this.sentinels = sentinels;
    }

    /** Throws unless a failover is possible now. */
    void requireReady() throws IOException {
        EmbeddedRedis primary = unanimous();
        requireWritable(primary);
        List<EmbeddedRedis> replicas =
                nodes.stream().filter(node -> node != primary && node.isAwake()).toList();
        Patience.require(!replicas.isEmpty() || nodes.size() == 1, "no replica is alive");
        for (EmbeddedRedis replica : replicas) {
            requireInSync(group, replica, primary);
        }
        for (EmbeddedRedis sentinel : awake()) {
            requireReadyAt(sentinel, replicas);
        }
    }

    List<EmbeddedRedis> awake() {
        group.requireOpen();
        return sentinels.stream().filter(EmbeddedRedis::isAwake).toList();
    }

    /** The node that most of the sentinels that answer name. */
    EmbeddedRedis named() throws NotYet {
        Map<Integer, Long> votes = votes();
        long all = votes.values().stream().mapToLong(Long::longValue).sum();
        return votes.entrySet().stream()
                .filter(vote -> vote.getValue() * 2 > all)
                .findFirst()
                .map(vote -> node(vote.getKey()))
                .orElseThrow(() -> new NotYet("the sentinels named the ports " + votes.keySet()));
    }

    /** The node that all sentinels that answer name. */
    EmbeddedRedis unanimous() throws NotYet {
        Map<Integer, Long> votes = votes();
        Patience.require(votes.size() == 1, "the sentinels named the ports " + votes.keySet());
        return node(votes.keySet().iterator().next());
    }

    private Map<Integer, Long> votes() throws NotYet {
        Map<Integer, Long> votes = awake().stream()
                .flatMap(sentinel -> Patience.ask(() -> SentinelView.portOfPrimary(sentinel)).stream())
                .collect(groupingBy(port -> port, counting()));
        Patience.require(!votes.isEmpty(), "no sentinel answers");
        return votes;
    }

    private EmbeddedRedis node(int port) {
        return nodes.stream()
                .filter(node -> group.portOf(node) == port)
                .findFirst()
                .orElseThrow(() -> new EmbeddedRedisException("The sentinels name an unknown server on port " + port));
    }

    static void requireWritable(EmbeddedRedis primary) throws IOException {
        Patience.require(primary.isAwake(), "the primary, " + primary.url() + ", is not alive");
        // A write that changes nothing: a replica refuses it, and so does a primary without enough replicas.
        primary.ask("DEL", "forge-redis-test");
    }

    static void requireInSync(ServerGroup group, EmbeddedRedis replica, EmbeddedRedis primary) throws IOException {
        String info = replica.ask("INFO", "replication");
        Patience.require(
                info.contains("master_port:" + group.portOf(primary) + "\r\n"),
                replica.url() + " follows another primary");
        Patience.require(
                info.contains("master_link_status:up"), replica.url() + " does not have the data of its primary");
    }

    private void requireReadyAt(EmbeddedRedis sentinel, List<EmbeddedRedis> replicas) throws IOException {
        SentinelView view = SentinelView.of(sentinel);
        String name = "the sentinel at " + sentinel.url();
        Patience.require(view.takesPrimaryForAlive(), name + " regards the primary as down");
        Patience.require(view.otherSentinels() == sentinels.size() - 1, name + " does not know the others");
        Patience.require(view.hasQuorum(), name + " has no majority: " + view.quorum());
        for (EmbeddedRedis replica : replicas) {
            Patience.require(
                    view.takesReplicaForAlive(group.portOf(replica)),
                    name + " regards the replica " + replica.url() + " as down");
        }
    }
}
