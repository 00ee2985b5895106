package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.test.EmbeddedRedis;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A value that does not fit into the heap fails its own call, and no other on its connection. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LargeReplyHeapTest {

    @TempDir
    Path folder;

    @Test
    void failsOnlyTheCallWhoseReplyFindsNoMemory() {
        try (EmbeddedRedis server = EmbeddedRedis.start()) {
            server.command("SETRANGE", "large", "20000000", "x");

            String output = TestJvm.run(LargeReplyOnSmallHeap.class, folder, 60, List.of("-Xmx24m"), server.url());

            assertThat(output)
                    .contains("large: java.lang.OutOfMemoryError: no memory for a reply with 20000001 bytes\n")
                    .contains("list: java.lang.OutOfMemoryError: no memory for a reply with 20000001 bytes\n")
                    .contains("script: java.lang.OutOfMemoryError: no memory for a reply with 20000001 bytes\n")
                    .contains("blocking: java.lang.OutOfMemoryError: no memory for a reply with 20000001 bytes\n")
                    .contains("others failed: 0\n")
                    .contains("reconnects: 0\n");
        }
    }
}
