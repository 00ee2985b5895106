package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Bulk work needs little more memory than its values; {@code -Dforge.promises=long} uses 200,000 of them. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("slow")
class BulkHeapTest {

    @TempDir
    Path folder;

    @Test
    void loadsEachValueOnceAndStoresAllOfThem() {
        int many = Promises.count(20_000, 200_000);
        String heap = "-Xmx" + Promises.count(128, 256) + "m";

        String output = TestJvm.run(BulkOnSmallHeap.class, folder, 240, List.of(heap), "" + many);

        System.out.print(output);
        for (String cache : List.of("far", "near")) {
            // A machine that pauses for longer than a lease loses some.
            assertThat(number(output, cache + " loaded"))
                    .isBetween((long) many, many + number(output, cache + " refused"));
            assertThat(output)
                    .contains(cache + " wrong: 0\n")
                    .contains(cache + " failures: 0\n")
                    .contains(cache + " unsent: 0\n");
        }
        assertThat(output).contains("stored: " + 2 * many + "\n").doesNotContain("WARN");
    }

    private static long number(String output, String name) {
        return output.lines()
                .filter(line -> line.startsWith(name + ": "))
                .mapToLong(line -> Long.parseLong(line.substring(name.length() + 2)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is missing in:\n" + output));
    }
}
