package dev.forge.redis.internal.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.forge.redis.RedisManager;
import dev.forge.redis.failure.UnsupportedLibraryException;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import io.lettuce.core.LettuceVersion;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SupportedLettuceTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    /** What an application does; a class of its own, which a class loader makes again beside another Lettuce. */
    public static final class Application implements Callable<String> {

        @Override
        public String call() {
            String url = System.getProperty("supported-lettuce.url", "");
            try (RedisManager redis =
                    RedisManager.create(RedisSettings.fromEnvironment(Map.of("REDIS_CONNECTION_URL", url)))) {
                redis.setSync("lettuce", "works");
                redis.getSyncClient().append("lettuce", " too");
                return redis.getSync("lettuce").orElseThrow() + " with " + LettuceVersion.getVersion();
            }
        }
    }

    @Test
    void runsOnTheLettuceOfSpringBoot40() throws Exception {
        Path jar;
        try (Stream<Path> jars = Files.list(Path.of(System.getProperty("oldest-lettuce", "")))) {
            jar = jars.findFirst().orElseThrow();
        }

        try (Beside beside = new Beside(Optional.of(jar), "")) {
            assertThat(beside.run()).startsWith("works too with 6.8.2.RELEASE");
        }
    }

    @Test
    void refusesAnOlderLettuceWhenTheDirectClientIsMade() throws Exception {
        try (Beside beside = new Beside(Optional.empty(), "6.7.1.RELEASE/abcdef")) {
            assertThatThrownBy(beside::run)
                    .hasToString(UnsupportedLibraryException.class.getName()
                            + ": Lettuce (io.lettuce:lettuce-core) must be 6.8 or later, but was 6.7.1.RELEASE");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"6.8.0.RELEASE/1", "6.8.2.RELEASE", "6.10.0.RELEASE", "7.0.0.BETA1", "10.0.0", "unknown", ""})
    @NullSource
    void acceptsLaterVersionsAndUnknownOnes(String version) {
        assertThatCode(() -> SupportedLettuce.check(version)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.7.1.RELEASE/1", "6.0.0.RELEASE", "5.9.9", "4.0"})
    void refusesOlderVersions(String version) {
        assertThatThrownBy(() -> SupportedLettuce.check(version)).isInstanceOf(UnsupportedLibraryException.class);
    }

    /** The class path of this test, with another Lettuce in it, or one that states another version. */
    private static final class Beside extends URLClassLoader {

        private final String stated;

        Beside(Optional<Path> first, String stated) {
            super(
                    Stream.concat(
                                    first.stream(),
                                    Stream.of(System.getProperty("java.class.path")
                                                    .split(File.pathSeparator))
                                            .filter(entry -> first.isEmpty() || !entry.contains("lettuce-core"))
                                            .map(Path::of))
                            .map(Beside::url)
                            .toArray(URL[]::new),
                    ClassLoader.getPlatformClassLoader());
            this.stated = stated;
        }

        @Override
        protected Package definePackage(String name, Manifest manifest, URL url) {
            return name.equals("io.lettuce.core") && !stated.isEmpty()
                    ? definePackage(name, null, null, null, null, stated, null, null)
                    : super.definePackage(name, manifest, url);
        }

        String run() throws Exception {
            System.setProperty("supported-lettuce.url", SERVER.url());
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            thread.setContextClassLoader(this); // Lettuce finds its own events by it.
            try {
                Object application = loadClass(Application.class.getName())
                        .getDeclaredConstructor()
                        .newInstance();
                return String.valueOf(((Callable<?>) application).call());
            } finally {
                thread.setContextClassLoader(before);
            }
        }

        private static URL url(Path path) {
            try {
                return path.toUri().toURL();
            } catch (MalformedURLException e) {
                throw new IllegalArgumentException(e);
            }
        }
    }
}
