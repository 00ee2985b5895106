package dev.forge.redis.internal.cache;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.Promises;
import dev.forge.redis.internal.thread.Scheduler;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RenewalsTest {

    private final AtomicBoolean noThread = new AtomicBoolean(true);
    private final Scheduler scheduler = new Scheduler(factory -> task -> {
        if (noThread.getAndSet(false)) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        return factory.newThread(task);
    });

    @AfterEach
    void stop() {
        scheduler.close();
    }

    @Test
    void renewsAlthoughTheFirstTimeCouldNotBePlanned() {
        Set<String> renewed = ConcurrentHashMap.newKeySet();
        Renewals<String> renewals = new Renewals<>(scheduler, 1, renewed::addAll);
        assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> renewals.begin("first"));

        renewals.begin("second");

        await().atMost(Promises.PATIENCE).until(() -> renewed.equals(Set.of("first", "second")));
        renewals.end("first");
        renewals.end("second");
    }
}
