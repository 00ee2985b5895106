package dev.forge.redis.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServerInfoTest {

    @Test
    void hasTheVersionAndTheModeOfRedis() {
        ServerInfo redis = ServerInfo.of("# Server\r\nredis_version:8.0.6\r\nredis_mode:cluster\r\n");

        assertThat(redis.version()).isEqualTo("8.0.6");
        assertThat(redis.mode()).isEqualTo("cluster");
    }

    @Test
    void hasTheVersionAndTheModeOfValkey() {
        ServerInfo valkey = ServerInfo.of("redis_version:7.2.4\r\nvalkey_version:9.1.2\r\nserver_mode:cluster\r\n");

        assertThat(valkey.version()).isEqualTo("9.1.2");
        assertThat(valkey.mode()).isEqualTo("cluster");
    }

    @Test
    void hasTheModeOfAValkeyThatUsesTheNamesOfRedis() {
        ServerInfo valkey = ServerInfo.of("redis_version:7.2.4\r\nvalkey_version:9.1.2\r\nredis_mode:standalone\r\n");

        assertThat(valkey.mode()).isEqualTo("standalone");
    }

    @Test
    void doesNotKnowWhatInfoMayNotSay() {
        assertThat(ServerInfo.of("").version()).isEqualTo(ServerInfo.UNKNOWN);
        assertThat(ServerInfo.of("").mode()).isEqualTo(ServerInfo.UNKNOWN);
    }
}
