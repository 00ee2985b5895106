package dev.forge.redis.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.TestJvm;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 3, unit = TimeUnit.MINUTES)
@Tag("slow")
class CommonPoolTest {

    @TempDir
    Path folder;

    @Test
    void worksWhileTheApplicationBlocksTheCommonPool() {
        String output = TestJvm.run(
                BusyCommonPool.class, folder, 150, List.of("-Djava.util.concurrent.ForkJoinPool.common.parallelism=3"));

        assertThat(output.lines())
                .containsAll(
                        BusyCommonPool.ALL.stream().map(each -> each + ": true").toList());
    }
}
