package dev.forge.redis.internal.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.internal.thread.Scheduler;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The near cache drops everything at a new version, see {@link dev.forge.redis.internal.tracking.Tracking Tracking}.
 */
class SlotTableTest {

    private final Scheduler scheduler = new Scheduler();
    private final RedisNode first = UnreachableNode.at("first:7001", scheduler);
    private final RedisNode second = UnreachableNode.at("second:7002", scheduler);
    private final RedisNode replica = UnreachableNode.at("replica:7003", scheduler);

    @AfterEach
    void stop() {
        scheduler.close();
    }

    @Test
    void keepsItsVersionWhenAReplicaComesOrGoes() {
        SlotTable before = new SlotTable(all(first), Map.of(first, List.of(replica)), 0, 7);

        SlotTable gone = before.followedBy(all(first), Map.of(), 0);
        SlotTable back = gone.followedBy(all(first), Map.of(first, List.of(replica)), 0);

        assertThat(gone.version()).isEqualTo(7);
        assertThat(gone.nodes()).containsExactly(first);
        assertThat(back.version()).isEqualTo(7);
        assertThat(back.nodes()).containsExactly(first, replica);
    }

    @Test
    void hasAnotherVersionOnceASlotHasAnotherPrimary() {
        RedisNode[] moved = all(first);
        moved[1] = second;

        SlotTable after = new SlotTable(all(first), Map.of(), 0, 7).followedBy(moved, Map.of(), 0);

        assertThat(after.version()).isEqualTo(8);
        assertThat(after.primaries()).containsExactly(first, second);
    }

    @Test
    void isNotBuiltAgainWhenNothingHasChanged() {
        SlotTable before = new SlotTable(all(first), Map.of(first, List.of(replica)), 0, 7);

        assertThat(before.followedBy(all(first), Map.of(first, List.of(replica)), 0))
                .isSameAs(before);
    }

    @Test
    void isAnotherOnceANodeServesASlotThatItHadForWantOfOne() {
        SlotTable before = new SlotTable(all(first), Map.of(), 1, 7);

        SlotTable after = before.followedBy(all(first), Map.of(), 0);

        assertThat(after.unserved()).isZero();
        assertThat(after.version()).isEqualTo(7);
    }

    private static RedisNode[] all(RedisNode node) {
        RedisNode[] slots = new RedisNode[ClusterView.SLOTS];
        Arrays.fill(slots, node);
        return slots;
    }
}
