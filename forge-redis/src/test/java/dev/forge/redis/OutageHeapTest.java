package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An outage costs no memory, however many calls are made; {@code -Dforge.promises=long} runs one of 60 s. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("slow")
class OutageHeapTest {

    private static final long MOST_KIBIBYTES = 8 * 1024;

    @TempDir
    Path folder;

    @Test
    void retainsNoCommandAndNoMemoryAfterAnOutage() {
        String seconds = String.valueOf(Promises.count(3, 60));

        String output = TestJvm.run(OutageOnSmallHeap.class, folder, 240, List.of("-Xmx64m"), seconds);

        System.out.print(output);
        assertThat(number(output, "calls")).isGreaterThan(Long.parseLong(seconds) * 5_000);
        assertThat(number(output, "unfinished")).isZero();
        assertThat(number(output, "grown")).isLessThan(MOST_KIBIBYTES);
        assertThat(number(output, "written later")).isZero();
    }

    private static long number(String output, String name) {
        return output.lines()
                .filter(line -> line.startsWith(name + ": "))
                .mapToLong(line -> Long.parseLong(line.substring(name.length() + 2)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is missing in:\n" + output));
    }
}
