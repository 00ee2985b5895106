package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.RedisEndpoint.HostAndPort;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterViewTest {

    private static final HostAndPort ASKED = new HostAndPort("10.0.0.1", 7001);

    @Test
    void knowsWhoServesASlotAndWhoFollowsWhom() {
        ClusterView view = view("""
                aa 10.0.0.1:7001@17001 myself,master - 0 0 1 connected 0-8191
                bb 10.0.0.2:7002@17002 master - 0 1 2 connected 8192-16382 16383
                cc 10.0.0.3:7003@17003 slave bb 0 1 2 connected
                """);

        assertThat(view.owners().get(0)).isEqualTo(ASKED);
        assertThat(view.owners().get(16_383)).isEqualTo(new HostAndPort("10.0.0.2", 7002));
        assertThat(view.replicas())
                .containsExactly(
                        Map.entry(new HostAndPort("10.0.0.2", 7002), List.of(new HostAndPort("10.0.0.3", 7003))));
        assertThat(view.members()).hasSize(3);
    }

    @Test
    void believesTheOwnerWithTheHigherEpochWhereNodesDisagree() {
        String cutOff = "aa 10.0.0.1:7001@17001 myself,master - 0 0 1 connected 0-16383\n";
        String majority = """
                aa 10.0.0.1:7001@17001 master,fail - 0 0 1 connected
                cc 10.0.0.3:7003@17003 myself,master - 0 1 4 connected 0-16383
                """;

        for (List<String> order : List.of(List.of(cutOff, majority), List.of(majority, cutOff))) {
            assertThat(view(order.toArray(String[]::new)).owners().get(5)).isEqualTo(new HostAndPort("10.0.0.3", 7003));
        }
    }

    @Test
    void takesTheAddressItAskedForANodeThatDoesNotKnowItsOwn() {
        assertThat(view("aa :7001@17001 myself,master - 0 0 0 connected 0-16383")
                        .owners()
                        .get(1))
                .isEqualTo(ASKED);
    }

    @Test
    void takesHostNamesOnlyWhereTheyAreWanted() {
        String line = "aa 10.0.0.1:7001@17001,redis-1.example myself,master - 0 0 1 connected 0-16383";

        assertThat(view(line).owners().get(1)).isEqualTo(ASKED);
        assertThat(ClusterView.of(List.of(new ClusterView.Answer(ASKED, line)), true)
                        .owners()
                        .get(1))
                .isEqualTo(new HostAndPort("redis-1.example", 7001));
    }

    @Test
    void leavesOutSlotsThatAreOnTheirWayAndNodesThatNobodyReaches() {
        ClusterView view = view("""
                aa 10.0.0.1:7001@17001 myself,master - 0 0 1 connected 0-5 [5->-bb] [7-<-bb]
                bb :0@0 master,noaddr - 0 0 0 disconnected
                cc 10.0.0.3:7003@17003 handshake - 0 0 0 connected
                dd 10.0.0.4:7004@17004 slave,fail aa 0 0 1 connected
                """);

        assertThat(view.owners().get(5)).isEqualTo(ASKED);
        assertThat(view.owners().get(7)).isNull();
        assertThat(view.members()).containsExactlyInAnyOrder(ASKED, new HostAndPort("10.0.0.4", 7004));
        assertThat(view.replicas()).isEmpty();
    }

    private static ClusterView view(String... answers) {
        return ClusterView.of(
                List.of(answers).stream()
                        .map(text -> new ClusterView.Answer(ASKED, text))
                        .toList(),
                false);
    }
}
