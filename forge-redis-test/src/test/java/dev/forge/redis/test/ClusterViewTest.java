package dev.forge.redis.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.forge.redis.test.Patience.NotYet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Views of nodes that do not agree, as happens for some moments after a failover. */
class ClusterViewTest {
    @AutoClose
    private final EmbeddedRedis old = EmbeddedRedis.start();

    @AutoClose
    private final EmbeddedRedis current = EmbeddedRedis.start();

    private final Map<Integer, EmbeddedRedis> nodes = Map.of(old.port(), old, current.port(), current);
    private final List<ClusterMember> before =
            ClusterMember.parse(line("a", old, "myself,master", "-", 1, " 0-99 101-16383 [7->-b]")
                    + line("b", current, "slave", "a", 1, ""));
    private final List<ClusterMember> after = ClusterMember.parse(
            line("a", old, "master,fail", "-", 1, " 100") + line("b", current, "myself,master", "-", 2, " 0-16383"));

    @Test
    void theNewestClaimToASlotCounts() {
        ClusterView view = new ClusterView(nodes, Map.of(old, before, current, after));

        assertThat(view.ownerOf(0)).containsSame(current);
        assertThat(view.ownerOf(100)).containsSame(current);
        assertThat(view.owners()).containsExactly(current);
    }

    @Test
    void aNodeThatMissedAFailoverPreventsAgreement() {
        ClusterView view = new ClusterView(nodes, Map.of(old, before, current, after));

        assertThatThrownBy(view::requireAgreement)
                .isInstanceOf(NotYet.class)
                .hasMessageContaining("has another view of the owners of slots");
    }

    @Test
    void aSlotWithoutAnOwnerIsReported() {
        ClusterView view = new ClusterView(nodes, Map.of(old, before));

        assertThat(view.ownerOf(100)).isEmpty();
        assertThatThrownBy(view::requireAgreement).isInstanceOf(NotYet.class).hasMessageContaining("only 16383 slots");
    }

    @Test
    void aNodeThatIsRegardedAsFailingIsNotReady() {
        ClusterView view = new ClusterView(nodes, Map.of(old, before, current, after));

        assertThatThrownBy(view::requireAll).isInstanceOf(NotYet.class).hasMessageContaining("sees another as failing");
    }

    private static String line(String id, EmbeddedRedis node, String flags, String primary, long epoch, String slots) {
        String address = "127.0.0.1:" + node.port() + "@" + (node.port() + 10_000);
        return id + " " + address + " " + flags + " " + primary + " 0 0 " + epoch + " connected" + slots + "\n";
    }
}
