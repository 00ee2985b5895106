package dev.forge.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.test.EmbeddedRedis;
import java.util.List;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

class ServerProbeTest {

    @Test
    void addsUpServersAndDoesNotCountItsOwnReads() {
        try (EmbeddedRedis one = EmbeddedRedis.start();
                EmbeddedRedis other = EmbeddedRedis.start();
                Jedis first = new Jedis("127.0.0.1", one.port());
                Jedis second = new Jedis("127.0.0.1", other.port());
                ServerProbe probe = new ServerProbe(List.of(one, other))) {
            first.ping();
            second.ping();
            long before = probe.reads();

            first.ping();
            second.ping();
            second.ping();

            assertThat(probe.reads() - before).isEqualTo(3);
            assertThat(probe.connectionsOpen()).isEqualTo(4);
        }
    }
}
