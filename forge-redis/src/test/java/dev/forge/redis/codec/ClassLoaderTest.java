package dev.forge.redis.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** An application that restarts within its JVM leaves nothing behind in a Forge that stays loaded. */
class ClassLoaderTest {

    /** A type of the application. */
    public record Value(String name, List<Inner> inner) {}

    /** Another type. */
    public record Inner(String name) {}

    /** Loads the types of the application again, as a restart does. */
    private static final class Start extends ClassLoader {

        Start() {
            super(ClassLoaderTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(Value.class.getName()) && !name.equals(Inner.class.getName())) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isNotRetainedByTheCodecsOfItsTypes(boolean withMapper) throws ReflectiveOperationException {
        List<WeakReference<ClassLoader>> starts = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            starts.add(start(withMapper));
        }

        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            System.gc();
            // The JVM itself may keep the last one for a while.
            assertThat(starts.stream().filter(start -> start.get() != null)).hasSizeLessThanOrEqualTo(1);
        });
    }

    @SuppressWarnings("unchecked")
    private static WeakReference<ClassLoader> start(boolean withMapper) throws ReflectiveOperationException {
        ClassLoader loader = new Start();
        Class<Object> type = (Class<Object>) loader.loadClass(Value.class.getName());
        Object inner =
                loader.loadClass(Inner.class.getName()).getConstructors()[0].newInstance("a");
        Object value = type.getConstructors()[0].newInstance("x", List.of(inner));
        JsonCodec<Object> codec =
                withMapper ? JsonCodec.of(type, JsonMapper.builder().build()) : JsonCodec.of(type);

        byte[] json = codec.encode(value);
        codec.check(value, json);

        assertThat(value.getClass().getClassLoader()).isSameAs(loader);
        assertThat(codec.decode(json)).isEqualTo(value);
        return new WeakReference<>(loader);
    }
}
