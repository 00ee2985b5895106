// forge:file redis worker
package com.example.app.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.app.ServiceTest;
import dev.forge.redis.test.EmbeddedRedis;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;

/** Stops Redis, and so has one that no other test uses. */
@ServiceTest
@TestPropertySource(properties = "spring.application.name=Tasks")
class CachedTaskTest {
    @Autowired
    RestTestClient client;

    @Autowired
    EmbeddedRedis redis;

    @Test
    void processesAKeyOnce() {
        TaskClient tasks = new TaskClient(client);

        String first = tasks.result("once");
        String second = tasks.result("once");

        assertThat(second).isEqualTo(first);
    }

    @Test
    void isRetriedAfterARedisOutage() {
        TaskClient tasks = new TaskClient(client);
        redis.kill();

        URI task = tasks.started("later");
        tasks.awaitState(task, "scheduled");
        redis.restart();

        assertThat(tasks.awaitState(task, "succeeded").result()).isPresent();
    }
}
