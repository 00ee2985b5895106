package dev.forge.redis.internal.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterViewTest {

    private static final HostAndPort ASKED_BY_NAME = new HostAndPort("balancer.example", 7000);

    private static final HostAndPort ASKED = new HostAndPort("10.0.0.1", 7001);

    @Test
    void findsThePrimaryOfEachSlotAndItsReplicas() {
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
    void prefersTheOwnerWithTheHigherEpochWhereNodesDisagree() {
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
    void usesTheAskedAddressForANodeThatDoesNotKnowItsOwn() {
        assertThat(view("aa :7001@17001 myself,master - 0 0 0 connected 0-16383")
                        .owners()
                        .get(1))
                .isEqualTo(ASKED);
    }

    @Test
    void usesHostNamesOnlyIfRequested() {
        String line = "aa 10.0.0.1:7001@17001,redis-1.example myself,master - 0 0 1 connected 0-16383";

        assertThat(view(line).owners().get(1)).isEqualTo(ASKED);
        assertThat(ClusterView.of(List.of(new ClusterView.Answer(ASKED, line, Map.of())), true, Map.of())
                        .owners()
                        .get(1))
                .isEqualTo(new HostAndPort("redis-1.example", 7001));
    }

    @Test
    void leavesOutMigratingSlotsAndUnusableNodes() {
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

    @ParameterizedTest
    @CsvSource({"slave, true", "'slave,nofailover', true", "'slave,fail', false", "'slave,fail?,nofailover', false"})
    void readsFromReplicasThatHaveNotFailed(String flags, boolean isRead) {
        ClusterView view = view("""
                aa 10.0.0.1:7001@17001 myself,master - 0 0 1 connected 0-16383
                cc 10.0.0.3:7003@17003 %s aa 0 1 1 connected
                """.formatted(flags));

        assertThat(view.replicas().getOrDefault(ASKED, List.of()))
                .isEqualTo(isRead ? List.of(new HostAndPort("10.0.0.3", 7003)) : List.of());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void usesTheEndpointThatNodesPrefer(boolean tls) {
        HostAndPort byAddress = new HostAndPort("10.0.0.1", 7001);
        HostAndPort byName = new HostAndPort("redis-1.example", 7001);

        assertThat(preferring(Map.of("aa", "10.0.0.1"), tls).owners().get(1)).isEqualTo(byAddress);
        assertThat(preferring(Map.of("aa", "redis-1.example"), tls).owners().get(1))
                .isEqualTo(byName);
        assertThat(preferring(Map.of("aa", ""), tls).owners().get(1))
                .isEqualTo(new HostAndPort(ASKED_BY_NAME.host(), 7001));
    }

    @Test
    void usesTheAddressOfANodeWithoutANameWhereNamesArePreferred() {
        String text = """
                aa 10.0.0.1:7001@17001,redis-1.example myself,master - 0 0 1 connected 0-100
                bb 10.0.0.2:7002@17002 master - 0 0 2 connected 101-16383
                cc 10.0.0.3:7003@17003,redis-3.example master - 0 0 2 connected
                """;

        ClusterView view = ClusterView.of(
                List.of(new ClusterView.Answer(ASKED, text, Map.of("aa", "redis-1.example", "bb", "?"))),
                false,
                Map.of());

        assertThat(view.addresses())
                .containsEntry("aa", new HostAndPort("redis-1.example", 7001))
                .containsEntry("bb", new HostAndPort("10.0.0.2", 7002))
                .containsEntry("cc", new HostAndPort("redis-3.example", 7003));
    }

    @Test
    void treatsTheNameAndTheAddressOfANodeAsOneNode() {
        HostAndPort byName = new HostAndPort("redis-1.example", 7001);

        ClusterView view = preferring(Map.of("aa", "redis-1.example"), false);

        assertThat(view.members()).containsExactly(byName);
        assertThat(view.aliases()).containsEntry(new HostAndPort("10.0.0.1", 7001), byName);
    }

    @Test
    void keepsTheAddressOfANodeWhileOneOfTheNodesPrefersIt() {
        HostAndPort byName = new HostAndPort("redis-1.example", 7001);
        List<ClusterView.Answer> answers =
                List.of(answer(Map.of("aa", "10.0.0.1")), answer(Map.of("aa", "redis-1.example")));

        assertThat(ClusterView.of(answers, false, Map.of("aa", byName)).addresses())
                .containsExactly(Map.entry("aa", byName));
        assertThat(ClusterView.of(answers.subList(0, 1), false, Map.of("aa", byName))
                        .addresses())
                .containsExactly(Map.entry("aa", new HostAndPort("10.0.0.1", 7001)));
    }

    @Test
    void ignoresANameThatSeveralNodesShare() {
        String text = """
                aa 10.0.0.1:7001@17001,redis.example myself,master - 0 0 1 connected 0-100
                bb 10.0.0.2:7001@17001,redis.example master - 0 0 2 connected 101-16383
                """;

        ClusterView view =
                ClusterView.of(List.of(new ClusterView.Answer(ASKED, text, Map.of("aa", "10.0.0.1"))), false, Map.of());

        assertThat(view.aliases()).isEmpty();
        assertThat(view.members()).hasSize(2);
    }

    @Test
    void readsPreferredEndpointsFromClusterSlots() {
        List<?> reply = List.of(
                Arrays.asList(
                        0L,
                        5L,
                        List.of(utf8("host-1"), 7001L, utf8("aa"), List.of()),
                        Arrays.asList(null, 7002L, utf8("bb"))),
                List.of(6L, 9L, List.of(utf8("?"), 7003L, utf8("cc"))));

        assertThat(ClusterLine.endpoints(reply))
                .containsExactlyInAnyOrderEntriesOf(Map.of("aa", "host-1", "bb", "", "cc", "?"));
        assertThat(ClusterLine.endpoints(null)).isEmpty();
        assertThat(ClusterLine.endpoints(List.of(List.of(1L)))).isEmpty();
    }

    private static ClusterView preferring(Map<String, String> endpoints, boolean tls) {
        return ClusterView.of(List.of(answer(endpoints)), tls, Map.of());
    }

    private static ClusterView.Answer answer(Map<String, String> endpoints) {
        return new ClusterView.Answer(
                ASKED_BY_NAME,
                "aa 10.0.0.1:7001@17001,redis-1.example myself,master - 0 0 1 connected 0-16383",
                endpoints);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ClusterView view(String... answers) {
        return ClusterView.of(
                List.of(answers).stream()
                        .map(text -> new ClusterView.Answer(ASKED, text, Map.of()))
                        .toList(),
                false,
                Map.of());
    }
}
