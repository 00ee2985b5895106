// forge:file redis
package com.example.app.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.app.BeforeCommit;
import com.example.app.ServiceTest;
import dev.forge.redis.RedisManager;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.client.RestTestClient;

@ServiceTest
class ProfileCacheTest {
    @Autowired
    RestTestClient client;

    @Autowired
    RedisManager redis;

    @Autowired
    JdbcClient database;

    @Autowired
    BeforeCommit beforeCommit;

    @BeforeEach
    void startWithoutCaches() {
        client.delete().uri("/users/1/caches").exchange().expectStatus().isOk();
    }

    @Test
    void readsTheDatabaseOnce() {
        String before = nameShown();

        nameInDatabase("Changed behind the cache");

        assertThat(nameShown()).isEqualTo(before).isNotEqualTo("Changed behind the cache");
    }

    @Test
    void cachesThatThereIsNoSuchUser() {
        profile(77).expectStatus().isNotFound();
        database.sql("insert into user_profile (id, name, email) values (77, 'Eve', 'eve@example.com')")
                .update();

        profile(77).expectStatus().isNotFound();

        client.delete().uri("/users/77/caches").exchange().expectBody().json("{\"removed\": 1}");
        profile(77).expectStatus().isOk();
    }

    @Test
    void clearsWhatTheProfileRouteCached() {
        nameShown();
        nameInDatabase("Shown after clearing");

        client.delete()
                .uri("/users/1/caches")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .json("{\"removed\": 1}");

        assertThat(nameShown()).isEqualTo("Shown after clearing");
    }

    @Test
    void clearsOneUserAndNoOther() {
        redis.setSync("user::1:settings", "of user 1");
        redis.setSync("user::10:profile", "of user 10");
        redis.setSync("user::1*:profile", "of no user");

        client.delete().uri("/users/1/caches").exchange().expectBody().json("{\"removed\": 1}");

        assertThat(redis.getSync("user::1:settings")).isEmpty();
        assertThat(redis.getSync("user::10:profile")).contains("of user 10");
        assertThat(redis.getSync("user::1*:profile")).contains("of no user");
    }

    @Test
    void invalidatesAProfileThatChanges() {
        nameShown();

        change("Ada King");

        assertThat(nameShown()).isEqualTo("Ada King");
    }

    @Test
    void doesNotKeepAnOldProfileThatIsReadBeforeTheCommit() {
        beforeCommit.set(this::nameShown);

        change("Ada Byron");

        assertThat(nameShown()).isEqualTo("Ada Byron");
    }

    private void change(String name) {
        client.put()
                .uri("/users/1/profile")
                .contentType(MediaType.APPLICATION_JSON)
                .body(Map.of("name", name, "email", "ada@example.com"))
                .exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .doesNotExist("Cache-Invalidation");
    }

    private String nameShown() {
        return profile(1)
                .expectStatus()
                .isOk()
                .expectBody(UserProfile.class)
                .returnResult()
                .getResponseBody()
                .name();
    }

    private RestTestClient.ResponseSpec profile(long id) {
        return client.get().uri("/users/{id}/profile", id).exchange();
    }

    private void nameInDatabase(String name) {
        database.sql("update user_profile set name = ? where id = 1")
                .param(name)
                .update();
    }
}
