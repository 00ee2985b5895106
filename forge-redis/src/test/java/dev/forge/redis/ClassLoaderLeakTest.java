package dev.forge.redis;

import static org.awaitility.Awaitility.await;

import dev.forge.redis.cache.Cache;
import dev.forge.redis.ratelimit.Limit;
import dev.forge.redis.ratelimit.RateLimiter;
import dev.forge.redis.session.SessionStore;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import java.io.File;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** An application that a container has undeployed, with Forge among its own libraries. */
class ClassLoaderLeakTest {

    @Test
    void isNotRetainedByThreadsOfTheContainer() throws Exception {
        ExecutorService container = Executors.newSingleThreadExecutor();
        try (EmbeddedRedis server = EmbeddedRedis.start()) {
            // Its thread belongs to the container, and not to the application that happens to use it first.
            container.submit(() -> {}).get();

            WeakReference<ClassLoader> undeployed = deployedAndUndeployed(server.url(), container);

            await().atMost(Promises.PATIENCE).until(() -> {
                System.gc();
                return undeployed.get() == null;
            });
        } finally {
            container.shutdownNow();
        }
    }

    private static WeakReference<ClassLoader> deployedAndUndeployed(String url, ExecutorService container)
            throws Exception {
        try (URLClassLoader application = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            Runnable requests = (Runnable) application
                    .loadClass(Requests.class.getName())
                    .getConstructor(String.class)
                    .newInstance(url);
            Future<?> served = container.submit(requests);
            served.get();
            return new WeakReference<>(application);
        }
    }

    private static URL[] classPath() throws IOException {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(ClassLoaderLeakTest::url)
                .toArray(URL[]::new);
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the application does on a thread of the container. */
    public static final class Requests implements Runnable {
        private final String url;

        public Requests(String url) {
            this.url = url;
        }

        @Override
        public void run() {
            try (RedisManager redis = RedisManager.create(RedisSettings.of(url))) {
                redis.setSync("a", "1");
                redis.getSync("a");
                Cache.builder(redis, "users", String.class).build().get("1", key -> Optional.of("Ada"));
                RateLimiter.slidingWindow(redis, "logins", Limit.of(5, Duration.ofMinutes(1)))
                        .tryAcquire("ada");
                SessionStore.create(redis).create("ada", Map.of());
            }
        }
    }
}
