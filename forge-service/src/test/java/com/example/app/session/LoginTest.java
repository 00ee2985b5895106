// forge:file redis
package com.example.app.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.app.ServiceTest;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.test.web.servlet.client.RestTestClient.ResponseSpec;

@ServiceTest
class LoginTest {
    @Autowired
    RestTestClient client;

    @Autowired
    JdbcClient database;

    @ParameterizedTest
    @CsvSource({"ada, wrong", "ada, Correct-horse", "ada, correct-horse-", "eve, correct-horse", "Ada, correct-horse", "eve, no user"})
    void answers401InTheSameWordsForAWrongNameAndAWrongPassword(String user, String password) {
        login(user, password)
                .expectStatus()
                .isUnauthorized()
                .expectHeader()
                .doesNotExist(HttpHeaders.SET_COOKIE)
                .expectBody()
                .jsonPath("$.detail")
                .isEqualTo("The name or the password is wrong.");
    }

    /** A database that is used in development first, and in production then, accepts none of them. */
    @Test
    void leavesNoSampleUserInTheDatabase() {
        login("ada", SessionClient.PASSWORD).expectStatus().isCreated();

        assertThat(database.sql("select count(*) from app_user").query(Long.class).single())
                .isZero();
    }

    @Test
    void keepsTheOldSessionWhenThePasswordIsWrong() {
        String cookie = SessionClient.login(client, "ada");

        client.post()
                .uri("/sessions")
                .header(HttpHeaders.COOKIE, cookie)
                .contentType(MediaType.APPLICATION_JSON)
                .body(SessionClient.credentials("ada", "wrong"))
                .exchange()
                .expectStatus()
                .isUnauthorized();

        client.get()
                .uri("/sessions/current")
                .header(HttpHeaders.COOKIE, cookie)
                .exchange()
                .expectStatus()
                .isOk();
    }

    @Test
    void takesAsLongForAnUnknownNameAsForAWrongPassword() {
        login("ada", "wrong");

        Duration known = shortest("ada");
        Duration unknown = shortest("eve");

        // Without a hash it would be a twentieth.
        assertThat(unknown).isGreaterThan(known.dividedBy(2));
    }

    private Duration shortest(String user) {
        return IntStream.range(0, 5)
                .mapToObj(i -> {
                    long start = System.nanoTime();
                    login(user, "wrong").expectStatus().isUnauthorized();
                    return Duration.ofNanos(System.nanoTime() - start);
                })
                .min(Duration::compareTo)
                .orElseThrow();
    }

    private ResponseSpec login(String user, String password) {
        return client.post()
                .uri("/sessions")
                .contentType(MediaType.APPLICATION_JSON)
                .body(SessionClient.credentials(user, password))
                .exchange();
    }
}
