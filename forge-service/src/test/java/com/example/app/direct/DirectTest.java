// forge:file redis
package com.example.app.direct;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.app.ServiceTest;
import dev.forge.redis.RedisManager;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;

@ServiceTest
class DirectTest {
    @Autowired
    RestTestClient client;

    @Autowired
    RedisManager redis;

    @Test
    void keepsAHashInRedisForAnHour() {
        put("7", "{\"name\": \"Ada\"}").expectStatus().isOk();
        put("7", "{\"city\": \"London\"}").expectStatus().isOk();

        client.get()
                .uri("/direct/7")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .json("{\"name\": \"Ada\", \"city\": \"London\"}");
        assertThat(redis.getSyncClient().hgetall("direct:7")).isEqualTo(Map.of("name", "Ada", "city", "London"));
        assertThat(redis.getSyncClient().ttl("direct:7")).isBetween(3_500L, 3_600L);
    }

    @Test
    void answers404ForAMissingHash() {
        client.get()
                .uri("/direct/missing")
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"\": \"no name\"}", "{\"name\": null}", "[]"})
    void refusesAnInvalidHash(String body) {
        put("8", body).expectStatus().isBadRequest();
    }

    @Test
    void refusesAHashThatGrowsWithoutEnd() {
        for (int part = 0; part < 5; part++) {
            put("9", fields(part)).expectStatus().isOk();
        }

        put("9", fields(5))
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.detail")
                .isEqualTo("A hash must have at most 100 fields.");

        assertThat(redis.getSyncClient().hlen("direct:9")).isEqualTo(100);
    }

    /** Twenty fields, as many as one request may have. */
    private static String fields(int part) {
        return IntStream.range(0, 20)
                .mapToObj(number -> "\"field" + part + "-" + number + "\": \"x\"")
                .collect(Collectors.joining(",", "{", "}"));
    }

    private RestTestClient.ResponseSpec put(String id, String body) {
        return client.put()
                .uri("/direct/{id}", id)
                .contentType(MediaType.APPLICATION_JSON)
                .body(body)
                .exchange();
    }
}
