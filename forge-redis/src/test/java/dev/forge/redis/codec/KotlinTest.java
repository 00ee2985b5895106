package dev.forge.redis.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Data classes of Kotlin, with Jackson's module for it on the class path; {@code kotlin.Triple} is one. */
class KotlinTest {

    record Book(String title, List<String> authors) {}

    /** What an application does; a class of its own, which a class loader makes again beside Kotlin. */
    public static final class Application implements Callable<Map<String, String>> {

        @Override
        public Map<String, String> call() throws Exception {
            Class<?> triple = Class.forName("kotlin.Triple");
            Object value = triple.getConstructors()[0].newInstance("a", 1, List.of("b"));
            @SuppressWarnings("unchecked") // the codec only gets values of the type
            JsonCodec<Object> codec = (JsonCodec<Object>) JsonCodec.of(TypeRef.of(new JsonMapper()
                    .getTypeFactory()
                    .constructParametricType(triple, String.class, Integer.class, List.class)));
            byte[] json = codec.encode(value);
            codec.check(value, json);
            return Map.of(
                    "json", new String(json, UTF_8),
                    "equal", String.valueOf(codec.decode(json).equals(value)),
                    "unreadable", String.valueOf(codec.unreadable()),
                    "book", String.valueOf(JsonCodec.of(Book.class).fingerprint()));
        }
    }

    @Test
    void writesAndReadsDataClassesAndLeavesOtherTypesAsTheyAre() throws Exception {
        Map<?, ?> seen;
        try (URLClassLoader beside = besideKotlin("")) {
            seen = seenBy(beside, Application.class);
        }

        assertThat(seen.get("json")).isEqualTo("{\"first\":\"a\",\"second\":1,\"third\":[\"b\"]}");
        assertThat(seen.get("equal")).isEqualTo("true");
        assertThat(seen.get("unreadable")).isEqualTo("[]");
        assertThat(seen.get("book"))
                .isEqualTo(String.valueOf(JsonCodec.of(Book.class).fingerprint()));
    }

    /** What an application does that lacks Jackson's module. */
    public static final class WithoutModule implements Callable<Map<String, String>> {

        @Override
        public Map<String, String> call() throws Exception {
            return Map.of(
                    "unreadable",
                    String.valueOf(JsonCodec.of(Class.forName("kotlin.Triple")).unreadable()));
        }
    }

    @Test
    void saysThatDataClassesCannotBeReadWithoutTheModule() throws Exception {
        try (URLClassLoader beside = besideKotlin("jackson-module-kotlin")) {
            assertThat(String.valueOf(seenBy(beside, WithoutModule.class).get("unreadable")))
                    .contains("kotlin.Triple");
        }
    }

    private static Map<?, ?> seenBy(ClassLoader loader, Class<?> application) throws Exception {
        return (Map<?, ?>) ((Callable<?>) loader.loadClass(application.getName())
                        .getDeclaredConstructor()
                        .newInstance())
                .call();
    }

    /** @param without the beginning of the name of a jar that is left out, or empty */
    private static URLClassLoader besideKotlin(String without) throws Exception {
        try (Stream<Path> jars = Files.list(Path.of(System.getProperty("kotlin", "")))) {
            return new URLClassLoader(
                    Stream.concat(
                                    jars.filter(jar -> without.isEmpty()
                                            || !jar.getFileName().toString().startsWith(without)),
                                    Stream.of(System.getProperty("java.class.path")
                                                    .split(File.pathSeparator))
                                            .map(Path::of))
                            .map(KotlinTest::url)
                            .toArray(URL[]::new),
                    ClassLoader.getPlatformClassLoader());
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
