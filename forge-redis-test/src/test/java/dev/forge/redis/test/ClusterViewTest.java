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
    private static final EmbeddedRedis OLD = EmbeddedRedis.start();

    @AutoClose
    private static final EmbeddedRedis NEW = EmbeddedRedis.start();

    private static final Map<Integer, EmbeddedRedis> NODES = Map.of(OLD.port(), OLD, NEW.port(), NEW);
    private static final List<ClusterMember> BEFORE = ClusterMember.parse(
            line("a", OLD, "myself,master", "-", 1, " 0-99 101-16383 [7->-b]") + line("b", NEW, "slave", "a", 1, ""));
    private static final List<ClusterMember> AFTER = ClusterMember.parse(
            line("a", OLD, "master,fail", "-", 1, " 100") + line("b", NEW, "myself,master", "-", 2, " 0-16383"));

    @Test
    void theNewestClaimToASlotCounts() {
        ClusterView view = new ClusterView(NODES, Map.of(OLD, BEFORE, NEW, AFTER));

        assertThat(view.ownerOf(0)).containsSame(NEW);
        assertThat(view.ownerOf(100)).containsSame(NEW);
        assertThat(view.owners()).containsExactly(NEW);
    }

    @Test
    void aNodeThatMissedAFailoverPreventsAgreement() {
        ClusterView view = new ClusterView(NODES, Map.of(OLD, BEFORE, NEW, AFTER));

        assertThatThrownBy(view::requireAgreement)
                .isInstanceOf(NotYet.class)
                .hasMessageContaining("has another view of the owners of slots");
    }

    @Test
    void aSlotWithoutAnOwnerIsReported() {
        ClusterView view = new ClusterView(NODES, Map.of(OLD, BEFORE));

        assertThat(view.ownerOf(100)).isEmpty();
        assertThatThrownBy(view::requireAgreement).isInstanceOf(NotYet.class).hasMessageContaining("only 16383 slots");
    }

    @Test
    void aNodeThatIsRegardedAsFailingIsNotReady() {
        ClusterView view = new ClusterView(NODES, Map.of(OLD, BEFORE, NEW, AFTER));

        assertThatThrownBy(view::requireAll).isInstanceOf(NotYet.class).hasMessageContaining("sees another as failing");
    }

    private static String line(String id, EmbeddedRedis node, String flags, String primary, long epoch, String slots) {
        String address = "127.0.0.1:" + node.port() + "@" + (node.port() + 10_000);
        return id + " " + address + " " + flags + " " + primary + " 0 0 " + epoch + " connected" + slots + "\n";
    }
}
