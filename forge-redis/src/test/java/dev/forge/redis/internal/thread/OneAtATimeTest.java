package dev.forge.redis.internal.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OneAtATimeTest {

    private static final int TASKS = 10_000;

    @Test
    void runsEachTaskOnceInOrderAndNoTwoTogether() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        OneAtATime one = new OneAtATime(threads);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Integer> ran = new ArrayList<>();
        CountDownLatch left = new CountDownLatch(TASKS);

        for (int i = 0; i < TASKS; i++) {
            int number = i;
            one.execute(() -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                ran.add(number);
                running.decrementAndGet();
                left.countDown();
            });
        }

        assertThat(left.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(most).hasValue(1);
        assertThat(ran).isEqualTo(IntStream.range(0, TASKS).boxed().toList());
        threads.shutdown();
    }

    @Test
    void runsATaskAfterOneForWhichThereWasNoThread() {
        AtomicInteger threads = new AtomicInteger();
        OneAtATime one = new OneAtATime(task -> {
            if (threads.getAndIncrement() == 0) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            task.run();
        });
        AtomicInteger ran = new AtomicInteger();
        assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> one.execute(ran::incrementAndGet));

        one.execute(ran::incrementAndGet);

        assertThat(ran).hasValue(2);
    }
}
