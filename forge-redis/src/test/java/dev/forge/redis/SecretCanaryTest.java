package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * No password, session id or value is ever shown.
 *
 * <p>{@link SecretFailures} causes every failure in a JVM that logs everything, down to the queries of its resolver,
 * and prints what it catches.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@Tag("slow")
class SecretCanaryTest {

    private static final List<String> SIGNS = List.of(
            "WRONGPASS",
            "NOAUTH",
            "MISCONF",
            "OOM",
            "LOADING",
            "CertificateExpiredException",
            "percent-encoded",
            "unknown host",
            "may or may not have run",
            "unknown command",
            "WARN dev.forge.redis ");

    @TempDir
    Path folder;

    @Test
    void showsNoSecretWhateverFails() throws Exception {
        Path sessionIds = folder.resolve("session-ids");

        String output = TestJvm.run(
                SecretFailures.class,
                folder,
                90,
                // At DEBUG the client logs the replies of a server, which may echo what was sent.
                List.of(
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=debug",
                        "-Dorg.slf4j.simpleLogger.log.io.lettuce=info"),
                sessionIds.toString());

        // The failures happened, and were logged.
        assertThat(output.lines().filter(line -> line.startsWith("scenario ")))
                .containsExactly(SecretFailures.NAMES.stream()
                        .map(name -> "scenario " + name)
                        .toArray(String[]::new));
        for (String sign : SIGNS) {
            // The assertion on strings would show all of the output.
            assertThat(output.contains(sign)).as(sign).isTrue();
        }
        List<String> ids = Files.readAllLines(sessionIds);
        assertThat(ids).isNotEmpty();
        for (String line : output.split("\n", -1)) {
            assertThat(line).doesNotContainIgnoringCase(SecretFailures.CANARY);
            ids.forEach(id -> assertThat(line).doesNotContain(id));
        }
    }
}
