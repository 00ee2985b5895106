package dev.forge.redis.internal.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PeriodicQuestionTest {

    @Test
    void isAskedAgainAfterItCouldNotBeAsked() {
        AtomicInteger asked = new AtomicInteger();
        List<String> answers = new ArrayList<>();
        PeriodicQuestion<String> question = new PeriodicQuestion<>(
                Duration.ZERO,
                () -> {
                    if (asked.getAndIncrement() == 0) {
                        throw new OutOfMemoryError("not really");
                    }
                    return CompletableFuture.completedFuture("answer");
                },
                answers::add);
        assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(question::tick);

        question.tick();

        assertThat(answers).containsExactly("answer");
    }
}
