package dev.forge.redis.internal.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClusterMembersTest {

    private static final HostAndPort BY_NAME = new HostAndPort("redis-1.example", 7001);
    private static final HostAndPort BY_ADDRESS = new HostAndPort("10.0.0.1", 7001);

    private final Scheduler scheduler = new Scheduler();
    private final ClusterMembers members =
            new ClusterMembers(address -> UnreachableNode.at(address.toString(), scheduler), scheduler);

    @AfterEach
    void stop() {
        members.close();
        scheduler.close();
    }

    @Test
    void mapsEveryAddressOfANodeToThatNode() {
        members.learn(new ClusterView(List.of(), Map.of(), Map.of("aa", BY_NAME), Map.of(BY_ADDRESS, BY_NAME)));

        assertThat(members.at(BY_ADDRESS)).isSameAs(members.at(BY_NAME));
        assertThat(members.at(BY_ADDRESS).address()).isEqualTo(BY_NAME.toString());
        assertThat(members.all()).hasSize(1);
    }

    @Test
    void closesANodeThatHasLeft() {
        RedisNode gone = members.at(BY_ADDRESS);
        RedisNode kept = members.at(BY_NAME);

        members.keepOnly(Set.of(BY_NAME));

        assertThat(members.all()).containsExactly(kept);
        // A closed node no longer connects, and fails with this message.
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(gone.open().handle((done, failure) -> String.valueOf(failure)))
                        .succeedsWithin(Duration.ofSeconds(10))
                        .asString()
                        .contains("is closed"));
    }
}
