package com.example.app.user;

import com.example.app.ServiceTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;

@ServiceTest
class ProfileTest {
    @Autowired
    RestTestClient client;

    @Test
    void showsTheSampleUsers() {
        client.get()
                .uri("/users/2/profile")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .json("""
                {"id": 2, "name": "Alan Turing", "email": "alan@example.com"}""");
    }

    @Test
    void answers404ForAMissingUser() {
        client.get()
                .uri("/users/99/profile")
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectBody()
                .jsonPath("$.detail")
                .isEqualTo("There is no user 99.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"+1", "0x1", "#1", " 1", "-1", "one"})
    void answers404ForAnIdThatIsNotPlainDigits(String id) {
        client.get().uri("/users/{id}/profile", id).exchange().expectStatus().isNotFound();
    }

    @Test
    void showsAChangeAtOnce() {
        client.get().uri("/users/3/profile").exchange().expectStatus().isOk();

        put(3, "{\"name\": \"Rear Admiral Hopper\", \"email\": \"grace@example.com\"}")
                .expectStatus()
                .isOk();

        client.get()
                .uri("/users/3/profile")
                .exchange()
                .expectBody()
                .jsonPath("$.name")
                .isEqualTo("Rear Admiral Hopper");
    }

    @Test
    void doesNotCreateUsers() {
        put(99, "{\"name\": \"Nobody\", \"email\": \"nobody@example.com\"}")
                .expectStatus()
                .isNotFound();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"name\": \" \", \"email\": \"ada@example.com\"}",
                "{\"name\": \"Ada\", \"email\": \"not an address\"}",
                "{\"name\": \"Ada\\u0000\", \"email\": \"ada@example.com\"}",
                "not json",
            })
    void refusesAnInvalidProfile(String body) {
        put(1, body).expectStatus().isBadRequest().expectHeader().contentType(MediaType.APPLICATION_PROBLEM_JSON);
    }

    private RestTestClient.ResponseSpec put(long id, String body) {
        return client.put()
                .uri("/users/{id}/profile", id)
                .contentType(MediaType.APPLICATION_JSON)
                .body(body)
                .exchange();
    }
}
