// forge:file redis
package com.example.app.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.example.app.web.RetryLater;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import org.springframework.security.crypto.password.PasswordEncoder;

class PasswordsTest {
    @Test
    void hashesNoMoreAtOnceThanThereAreProcessors() throws InterruptedException {
        SlowEncoder slow = new SlowEncoder();
        Passwords passwords = new Passwords(slow, 1, Duration.ofMillis(10));
        CompletableFuture<Boolean> first = CompletableFuture.supplyAsync(() -> passwords.matches("a", "hash of a"));
        slow.begun.await();

        assertThatExceptionOfType(RetryLater.class)
                .isThrownBy(() -> passwords.matches("a", "hash of a"))
                .matches(busy -> busy.getStatusCode().equals(HttpStatus.SERVICE_UNAVAILABLE));

        slow.mayEnd.countDown();
        assertThat(first.join()).isTrue();
        assertThat(passwords.matches("a", "hash of b")).isFalse();
    }

    private static final class SlowEncoder implements PasswordEncoder {
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch mayEnd = new CountDownLatch(1);

        @Override
        public String encode(CharSequence password) {
            return "hash of " + password;
        }

        @Override
        public boolean matches(CharSequence password, String hash) {
            begun.countDown();
            try {
                mayEnd.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return encode(password).equals(hash);
        }
    }
}
