package dev.forge.redis.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.HungDisk;
import dev.forge.redis.Promises;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.settings.RedisTls;
import dev.forge.redis.test.tls.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsFilesTest {

    private static final Duration SHORT = Duration.ofMillis(100);

    @TempDir
    Path folder;

    private final Scheduler scheduler = new Scheduler();
    private HungDisk disk;

    @BeforeEach
    void makeDisk() throws Exception {
        disk = new HungDisk(folder);
    }

    @AfterEach
    void stop() throws Exception {
        disk.close();
        scheduler.close();
    }

    @Test
    void checksOnAThreadOfItsOwnWhichMayHang() {
        TlsFiles files = files(disk.file(), Promises.PATIENCE.multipliedBy(2));
        CompletableFuture<?> first = files.check();
        AtomicReference<CompletableFuture<?>> second = new AtomicReference<>();

        Thread clock = new Thread(() -> second.set(files.check()));
        clock.setDaemon(true);
        clock.start();
        Promises.join(clock);

        assertThat(clock.isAlive()).isFalse();
        assertThat(second.get()).isSameAs(first).isNotDone();
        assertThat(Thread.getAllStackTraces().keySet())
                .anyMatch(thread -> thread.getName().startsWith("forge-redis-tls-") && thread.isDaemon());
    }

    @Test
    void givesUpACheckThatHangsAndStartsAnother() throws Exception {
        Path authority = Files.createSymbolicLink(folder.resolve("ca.pem"), disk.file());
        TlsFiles files = files(authority, SHORT);
        assertThat(files.check())
                .failsWithin(Promises.PATIENCE)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("the content of the TLS files was not supplied within 100 ms");

        replace(TestCertificates.in(folder).authority(), authority);

        await().atMost(Promises.PATIENCE)
                .untilAsserted(() -> assertThat(files.check()).succeedsWithin(Promises.PATIENCE));
        assertThat(files.terms().trust()).isNotNull();
    }

    private TlsFiles files(Path authority, Duration patience) {
        return new TlsFiles(new RedisTls(true, true, authority), patience, scheduler);
    }

    private void replace(Path from, Path to) throws Exception {
        Path copy = Files.copy(from, folder.resolve("next"));
        Files.move(copy, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
