package dev.forge.redis.internal.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ReplicasTest {

    @Test
    void connectsOnceToAnAddressThatIsNamedTwice() {
        HostAndPort address = new HostAndPort("10.0.0.1", 6379);
        Scheduler scheduler = new Scheduler();
        List<HostAndPort> connected = new ArrayList<>();
        Replicas replicas = new Replicas(() -> CompletableFuture.completedFuture(List.of(address, address)), each -> {
            connected.add(each);
            return UnreachableNode.at(each.toString(), scheduler);
        });

        replicas.look();

        assertThat(connected).containsExactly(address);
        replicas.close();
        scheduler.close();
    }
}
