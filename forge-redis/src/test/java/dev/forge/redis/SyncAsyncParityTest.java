package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.cache.Cache;
import dev.forge.redis.ratelimit.RateLimiter;
import dev.forge.redis.session.SessionStore;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SyncAsyncParityTest {

    private static final Map<Class<?>, Class<?>> BOXES = Map.of(
            void.class, Void.class, long.class, Long.class, boolean.class, Boolean.class, int.class, Integer.class);

    @Test
    void everyOperationOfTheManagerHasBothForms() {
        Set<String> async = shapes(RedisManager.class, "Async", true);
        Set<String> sync = shapes(RedisManager.class, "Sync", false);

        assertThat(async).hasSizeGreaterThan(10).isEqualTo(sync);
    }

    @ParameterizedTest
    @ValueSource(classes = {Cache.class, RateLimiter.class, SessionStore.class})
    void everyAsyncOperationOfAFeatureHasABlockingForm(Class<?> feature) {
        Set<String> async = shapes(feature, "Async", true);
        Set<String> all = shapes(feature, "", false);

        assertThat(async).isNotEmpty().isSubsetOf(all);
    }

    /** Returns name, parameters and result of each operation, alike for both forms. */
    private static Set<String> shapes(Class<?> type, String suffix, boolean async) {
        Set<String> shapes = new TreeSet<>();
        for (Method method : type.getMethods()) {
            if (!method.getName().endsWith(suffix) || Modifier.isStatic(method.getModifiers())) {
                continue;
            }
            String name = method.getName().substring(0, method.getName().length() - suffix.length());
            if (name.equals("health") || name.equals("diagnose")) {
                continue; // their blocking forms are called health() and diagnose()
            }
            Type result = async
                    ? ((ParameterizedType) method.getGenericReturnType()).getActualTypeArguments()[0]
                    : method.getGenericReturnType();
            result = result instanceof Class<?> plain ? BOXES.getOrDefault(plain, plain) : result;
            shapes.add(name + Arrays.toString(method.getGenericParameterTypes()) + result.getTypeName());
        }
        return shapes;
    }
}
