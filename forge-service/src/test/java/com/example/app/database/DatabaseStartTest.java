package com.example.app.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Starts only what has to do with the database, on databases that cannot be used. */
@ExtendWith(OutputCaptureExtension.class)
class DatabaseStartTest {
    @ParameterizedTest
    @ValueSource(strings = {"mysql://ada:secret@db/app", "jdbc:mysql://ada:secret@db/app", "postgres://ada:secret@db/a b"})
    void saysThatTheUrlIsWrong(String url, CapturedOutput log) {
        startFails(url, "");

        explains(log, "DATABASE_URL must ");
        assertThat(log).doesNotContain("secret");
    }

    @Test
    void saysThatTheDatabaseCannotBeReached(CapturedOutput log) {
        startFails("postgresql://ada:secret@localhost:1/app", "");

        explains(log, "The database cannot be reached: Connection to localhost:1 refused");
        assertThat(log).doesNotContain("secret");
    }

    @Test
    void saysThatThePasswordIsWrong(CapturedOutput log) throws Exception {
        try (Connection owner = DriverManager.getConnection("jdbc:h2:mem:owned", "ada", "right")) {
            assertThat(owner.isValid(1)).isTrue();

            startFails("jdbc:h2:mem:owned;USER=ada", "secret");
        }

        explains(log, "The database refuses the login: ");
        assertThat(log).doesNotContain("secret");
    }

    @Test
    void saysThatTheFileIsInUse(@TempDir Path directory, CapturedOutput log) throws Exception {
        try (FileChannel file = FileChannel.open(
                directory.resolve("app.mv.db"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertThat(file.lock().isValid()).isTrue();

            startFails("jdbc:h2:file:" + directory.resolve("app"), "");
        }

        explains(log, "The database file is in use by another process.");
    }

    private static void startFails(String url, String password) {
        SpringApplication service = new SpringApplication(
                DatabaseConfiguration.class, DataSourceAutoConfiguration.class, FlywayAutoConfiguration.class);
        service.setWebApplicationType(WebApplicationType.NONE);
        assertThatException()
                .isThrownBy(() -> service.run(
                        "--app.env-file=", "--DATABASE_URL=" + url, "--DATABASE_PASSWORD=" + password));
    }

    private static void explains(CapturedOutput log, String description) {
        assertThat(log).contains("APPLICATION FAILED TO START").contains("Description:\n\n" + description);
        assertThat(log.getAll().lines().filter(line -> line.startsWith("\tat "))).isEmpty();
    }
}
