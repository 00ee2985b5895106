package dev.forge.redis.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisLoginTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n"})
    void readsAPasswordWithoutTheLineEndAfterIt(String lineEnd) throws IOException {
        assertThat(passwordIn("pass word" + lineEnd)).isEqualTo("pass word");
    }

    @ParameterizedTest
    @ValueSource(strings = {"blank ", "tab\t", " before", "two lines\n", "two lines\r\n"})
    void keepsEverythingElseOfAPassword(String password) throws IOException {
        assertThat(passwordIn(password + "\n")).isEqualTo(password);
        assertThat(passwordIn(password + "\r\n")).isEqualTo(password);
    }

    private String passwordIn(String content) throws IOException {
        Path file = Files.writeString(directory.resolve("password"), content);
        return RedisLogin.ofFile(null, file).use((user, password) -> new String(password));
    }
}
