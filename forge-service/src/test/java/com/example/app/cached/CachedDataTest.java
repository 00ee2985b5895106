// forge:file redis
package com.example.app.cached;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.app.ServiceTest;
import dev.forge.redis.RedisManager;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;

@ServiceTest
class CachedDataTest {
    private static final String WITH_CACHE = "/cached-data";
    private static final String BY_HAND = "/cached-data/by-hand";

    @Autowired
    RestTestClient client;

    @Autowired
    RedisManager redis;

    @ParameterizedTest
    @ValueSource(strings = {WITH_CACHE, BY_HAND})
    void computesOnceAndThenReadsTheCache(String route) {
        CachedData first = read(route, "first");
        CachedData second = read(route, "first");

        assertThat(first.source()).isEqualTo("computed");
        assertThat(second.source()).isEqualTo("cache");
        assertThat(second.data()).isEqualTo(first.data()).startsWith("first");
    }

    @Test
    void treatsAnEmptyValueAsAHit() {
        redis.setSync("cached-by-hand:empty", "");

        assertThat(read(BY_HAND, "empty")).isEqualTo(new CachedData("", "cache"));
    }

    @ParameterizedTest
    @CsvSource({WITH_CACHE + ", cached-data::kept", BY_HAND + ", cached-by-hand:kept"})
    void keepsAValueForAnHour(String route, String key) {
        read(route, "kept");

        long millis = redis.getSyncClient().pttl(key);
        assertThat(Duration.ofMillis(millis)).isBetween(Duration.ofMinutes(50), Duration.ofMinutes(70));
    }

    @ParameterizedTest
    @ValueSource(strings = {WITH_CACHE, BY_HAND})
    void neverReturnsAKeyOfAnotherPartOfTheService(String route) {
        redis.setSync("secret", "of another part");
        redis.setSync("secret:inner", "of another part");

        assertThat(read(route, "secret").source()).isEqualTo("computed");
        assertThat(read(route, "secret:inner").source()).isEqualTo("computed");
        assertThat(read(route, "*").source()).isEqualTo("computed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?key=", "?key=%20", "?key=a%00b"})
    void refusesAMissingOrUnusableKey(String query) {
        refused(WITH_CACHE + query);
        refused(BY_HAND + query);
    }

    @ParameterizedTest
    @ValueSource(strings = {WITH_CACHE, BY_HAND})
    void refusesAKeyThatIsTooLong(String route) {
        refused(route + "?key=" + "k".repeat(201));
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

    private CachedData read(String route, String key) {
        return client.get()
                .uri(route + "?key={key}", key)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(CachedData.class)
                .returnResult()
                .getResponseBody();
    }
}
