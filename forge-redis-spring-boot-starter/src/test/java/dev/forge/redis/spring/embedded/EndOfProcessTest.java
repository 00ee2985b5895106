package dev.forge.redis.spring.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.RedisManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.core.StringRedisTemplate;

/** A JVM in which several contexts share a server, as one that runs tests. */
class EndOfProcessTest {

    @Test
    void isQuietAndStopsTheServer(@TempDir Path folder) throws IOException, InterruptedException {
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Tests.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(150, TimeUnit.SECONDS))
                    .as(() -> read(log))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }

        String output = read(log);
        assertThat(process.exitValue()).as(output).isZero();
        assertThat(output)
                .contains("source: the service connection", "one server: true", "still there: 1")
                .doesNotContain("WARN", "ERROR", "Exception");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The main class of that JVM. */
    static final class Tests {
        private Tests() {}

        public static void main(String[] args) {
            ConfigurableApplicationContext first = start();
            ApplicationContext second = start();
            System.out.println("one server: " + port(first).equals(port(second)));
            second.getBean(RedisManager.class).setSync("a", "1");
            first.close();
            System.out.println("still there: "
                    + second.getBean(StringRedisTemplate.class).opsForValue().get("a"));
            System.exit(0);
        }

        private static String port(ApplicationContext context) {
            return context.getBean(EmbeddedRedisDetails.class).url();
        }

        private static ConfigurableApplicationContext start() {
            return new SpringApplication(SampleApplication.class, SharedServerAutoConfiguration.class)
                    .run("--spring.main.banner-mode=off", "--spring.main.web-application-type=none");
        }
    }
}
