// forge:file redis
package com.example.app.cached;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.app.ServiceTest;
import dev.forge.redis.RedisManager;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;

@ServiceTest
class CachedDataTest {
    @Autowired
    RestTestClient client;

    @Autowired
    RedisManager redis;

    @Test
    void computesOnceAndThenReadsTheCache() {
        CachedDataController.CachedData first = read("first");
        CachedDataController.CachedData second = read("first");

        assertThat(first.source()).isEqualTo("computed");
        assertThat(second.source()).isEqualTo("cache");
        assertThat(second.data()).isEqualTo(first.data()).startsWith("first");
    }

    @Test
    void treatsAnEmptyValueAsAHit() {
        redis.setSync("cached-data:empty", "");

        assertThat(read("empty")).isEqualTo(new CachedDataController.CachedData("", "cache"));
    }

    @Test
    void keepsAValueForAnHour() {
        read("kept");

        long millis = redis.getSyncClient().pttl("cached-data:kept");
        assertThat(Duration.ofMillis(millis)).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
    }

    @Test
    void neverReturnsAKeyOfAnotherPartOfTheService() {
        redis.setSync("secret", "of another part");
        redis.setSync("secret:inner", "of another part");

        assertThat(read("secret").source()).isEqualTo("computed");
        assertThat(read("secret:inner").source()).isEqualTo("computed");
        assertThat(read("*").source()).isEqualTo("computed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/cached-data", "/cached-data?key=", "/cached-data?key=%20", "/cached-data?key=a%00b"})
    void refusesAMissingOrUnusableKey(String uri) {
        refused(uri);
    }

    @Test
    void refusesAKeyThatIsTooLong() {
        refused("/cached-data?key=" + "k".repeat(201));
    }

    private void refused(String uri) {
        client.get()
                .uri(java.net.URI.create(uri))
                .exchange()
                .expectStatus()
                .isBadRequest()
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON);
    }

    private CachedDataController.CachedData read(String key) {
        return client.get()
                .uri("/cached-data?key={key}", key)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(CachedDataController.CachedData.class)
                .returnResult()
                .getResponseBody();
    }
}
