// forge:file redis
package com.example.app.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.example.app.BeforeCommit;
import com.example.app.ServiceTest;
import com.example.app.session.SessionClient;
import dev.forge.redis.RedisManager;
import java.util.Map;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
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
    CachedProfiles profiles;

    @Autowired
    BeforeCommit beforeCommit;

    @BeforeEach
    void startWithoutCaches() {
        profiles.clear(1);
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
        // Any caller can ask for any number of ids. An hour more, for when the database is away.
        assertThat(Duration.ofMillis(redis.getSyncClient().pttl("user::77:profile")))
                .isBetween(Duration.ofMillis(1), Duration.ofMinutes(61));
        database.sql("insert into user_profile (id, name, email) values (77, 'Eve', 'eve@example.com')")
                .update();

        profile(77).expectStatus().isNotFound();

        assertThat(profiles.clear(77)).isEqualTo(1);
        profile(77).expectStatus().isOk();
    }

    @Test
    void clearsWhatTheProfileRouteCached() {
        nameShown();
        nameInDatabase("Shown after clearing");

        cleared("ada").expectBody().json("{\"removed\": 1}");

        assertThat(nameShown()).isEqualTo("Shown after clearing");
    }

    @Test
    void clearsOnlyForTheUserOfTheSession() {
        nameShown();

        clear(1, "session=unknown").expectStatus().isUnauthorized();
        clear(1, SessionClient.login(client, "alan")).expectStatus().isForbidden();

        assertThat(redis.getSync("user::1:profile")).isPresent();
    }

    @Test
    void clearsAtMostOnceASecondForAllUsersTogether() {
        String alans = SessionClient.login(client, "alan");
        cleared("ada");

        clear(2, alans)
                .expectStatus()
                .isEqualTo(429)
                .expectHeader()
                .valueEquals(HttpHeaders.RETRY_AFTER, "1")
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON);
    }

    @Test
    void clearsOneUserAndNoOther() {
        redis.setSync("user::1:settings", "of user 1");
        redis.setSync("user::10:profile", "of user 10");
        redis.setSync("user::1*:profile", "of no user");

        assertThat(profiles.clear(1)).isEqualTo(1);

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

    /** Waits while another test has just cleared. */
    private RestTestClient.ResponseSpec cleared(String user) {
        String cookie = SessionClient.login(client, user);
        return await().until(() -> clear(1, cookie), answer -> answer.returnResult(String.class)
                .getStatus()
                .is2xxSuccessful());
    }

    private RestTestClient.ResponseSpec clear(long id, String cookie) {
        return client.delete()
                .uri("/users/{id}/caches", id)
                .header(HttpHeaders.COOKIE, cookie)
                .exchange();
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
