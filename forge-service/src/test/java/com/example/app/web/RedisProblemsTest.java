// forge:file redis
package com.example.app.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.app.EmbeddedRedisInitializer;
import com.example.app.ServiceTest;
import dev.forge.redis.RedisManager;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.protocol.CommandType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.client.RestTestClient;

/** Takes permissions away, on the Redis that {@code RedisOutageTest} stops: no other test uses it. */
@ServiceTest
@ExtendWith(OutputCaptureExtension.class)
@ContextConfiguration(initializers = EmbeddedRedisInitializer.class)
class RedisProblemsTest {
    @Autowired
    RestTestClient client;

    @Autowired
    RedisManager redis;

    @AfterEach
    void givePermissionsBack() {
        redis.getSyncClient().aclSetuser("default", AclSetuserArgs.Builder.allCommands());
    }

    @Test
    void answers500ForAKeyOfAnotherTypeAndLogsItOnce(CapturedOutput log) {
        redis.setSync("direct:text", "no hash");
        redis.getSyncClient().hset("cached-by-hand:hash", "no", "text");

        for (int i = 0; i < 3; i++) {
            answers("/direct/text", 500);
            answers("/cached-data/by-hand?key=hash", 500);
        }

        assertThat(lines(log, "A request failed")).isEqualTo(2); // One by the client, one by the manager.
        assertThat(lines(log, "WRONGTYPE")).isEqualTo(2);
    }

    @Test
    void answers500ForAMissingPermissionAndLogsItOnce(CapturedOutput log) {
        redis.getSyncClient()
                .aclSetuser(
                        "default",
                        AclSetuserArgs.Builder.removeCommand(CommandType.HGETALL).removeCommand(CommandType.GET));

        for (int i = 0; i < 3; i++) {
            answers("/direct/1", 500);
            answers("/cached-data/by-hand?key=hello", 500);
        }

        assertThat(lines(log, "A request failed")).isEqualTo(2);
    }

    @Test
    void answers503WhenTheClientLosesItsConnection(CapturedOutput log) {
        for (int i = 0; i < 3; i++) {
            client.get()
                    .uri("/test/lost")
                    .exchange()
                    .expectStatus()
                    .isEqualTo(503)
                    .expectHeader()
                    .exists(HttpHeaders.RETRY_AFTER);
        }

        assertThat(lines(log, "Connection reset")).isEqualTo(1);
    }

    private void answers(String uri, int status) {
        client.get()
                .uri(uri)
                .exchange()
                .expectStatus()
                .isEqualTo(status)
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON);
    }

    private static long lines(CapturedOutput log, String text) {
        return log.getAll().lines().filter(line -> line.contains(text)).count();
    }
}
