package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.forge.redis.cache.Cache;
import dev.forge.redis.cache.CacheFence;
import dev.forge.redis.cache.CacheMiss;
import dev.forge.redis.ratelimit.RateLimiter;
import dev.forge.redis.session.SessionDirectory;
import dev.forge.redis.session.SessionStore;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each operation has an async and a blocking form, with the same parameters and the same result. */
class SyncAsyncParityTest {

    private static final List<Class<?>> WITH_OPERATIONS = List.of(
            RedisManager.class,
            PatternDeletion.class,
            Cache.class,
            CacheMiss.class,
            CacheFence.class,
            RateLimiter.class,
            SessionStore.class,
            SessionDirectory.class);

    /** Methods that have only one form, and why. */
    private static final Map<String, String> ONE_FORM = Map.ofEntries(
            Map.entry("RedisManager.settings", "asks no server"),
            Map.entry("RedisManager.connectionStats", "asks no server"),
            Map.entry("RedisManager.observe", "a setting"),
            Map.entry("RedisManager.deletion", "starts nothing: PatternDeletion has both forms"),
            Map.entry("RedisManager.close", "ends the threads that could say that it is done"),
            Map.entry(
                    "RedisManager.getAsyncClient",
                    "has the async interface of the client, and getSyncClient the other"),
            Map.entry(
                    "RedisManager.getSyncClient",
                    "has the blocking interface of the client, and getAsyncClient the other"),
            Map.entry("PatternDeletion.budget", "a setting"),
            Map.entry("PatternDeletion.dryRun", "a setting"),
            Map.entry("PatternDeletion.resumeFrom", "a setting"),
            Map.entry("Cache.name", "asks no server"),
            Map.entry("Cache.stats", "counted in this process"),
            Map.entry("CacheMiss.close", "does not wait for its command"),
            Map.entry("CacheMiss.loadFailed", "does not wait for its command"),
            Map.entry("CacheFence.close", "as AutoCloseable demands"),
            Map.entry("CacheFence.failure", "asks no server"),
            Map.entry("RateLimiter.limits", "asks no server"),
            Map.entry("RateLimiter.withInstances", "a setting"),
            Map.entry("RateLimiter.withOnOutage", "a setting"),
            Map.entry("RateLimiter.withDenialCache", "a setting"),
            Map.entry("RateLimiter.withShadowMode", "a setting"),
            Map.entry("RateLimiter.withTimeout", "a setting"),
            Map.entry("SessionStore.settings", "asks no server"),
            Map.entry("SessionStore.directory", "asks no server: SessionDirectory has both forms"),
            Map.entry("SessionDirectory.handleOf", "asks no server"));

    private static final Map<Class<?>, Class<?>> BOXES = Map.of(
            void.class, Void.class, long.class, Long.class, boolean.class, Boolean.class, int.class, Integer.class);

    static List<Class<?>> types() {
        return WITH_OPERATIONS;
    }

    @ParameterizedTest
    @MethodSource("types")
    void everyOperationHasBothForms(Class<?> type) {
        Set<String> async = operations(type)
                .filter(SyncAsyncParityTest::isAsync)
                .map(method -> shape(method, "async"))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> blocking = operations(type)
                .filter(method -> !isAsync(method))
                .map(method -> shape(method, "sync"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(async).isNotEmpty().isEqualTo(blocking);
    }

    @Test
    void noOtherPublicTypeReturnsFutures() {
        Set<String> found = new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("dev.forge.redis")
                        .stream()
                        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                        .filter(type -> !type.getPackageName().startsWith("dev.forge.redis.internal"))
                        .filter(SyncAsyncParityTest::returnsFutures)
                        .map(JavaClass::getName)
                        .collect(Collectors.toCollection(TreeSet::new));

        assertThat(found)
                .isEqualTo(WITH_OPERATIONS.stream().map(Class::getName).collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void everyExceptionIsAnExistingMethod() {
        Set<String> methods = WITH_OPERATIONS.stream()
                .flatMap(type -> publicMethods(type).map(SyncAsyncParityTest::named))
                .collect(Collectors.toSet());

        assertThat(methods).containsAll(ONE_FORM.keySet());
    }

    private static boolean returnsFutures(JavaClass type) {
        return type.getMethods().stream()
                .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC))
                .anyMatch(method -> method.getRawReturnType().isAssignableTo(CompletionStage.class));
    }

    private static Stream<Method> operations(Class<?> type) {
        return publicMethods(type).filter(method -> !ONE_FORM.containsKey(named(method)));
    }

    private static Stream<Method> publicMethods(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers())
                        && !Modifier.isStatic(method.getModifiers())
                        && !method.isSynthetic()
                        && !Set.of("equals", "hashCode", "toString").contains(method.getName()));
    }

    private static String named(Method method) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }

    private static boolean isAsync(Method method) {
        return CompletableFuture.class.isAssignableFrom(method.getReturnType());
    }

    /**
     * Returns name, parameters and result, equal for both forms: {@code getAsync}, {@code asyncTest}, {@code getSync}.
     */
    private static String shape(Method method, String form) {
        String name = method.getName();
        String ending = form.substring(0, 1).toUpperCase(Locale.ROOT) + form.substring(1);
        if (name.endsWith(ending)) {
            name = name.substring(0, name.length() - ending.length());
        } else if (name.startsWith(form)) {
            name = name.substring(form.length());
        } else if (form.equals("async")) {
            name += " (returns a future, and its name does not say so)";
        }
        Type result = isAsync(method)
                ? ((ParameterizedType) method.getGenericReturnType()).getActualTypeArguments()[0]
                : method.getGenericReturnType();
        Type boxed = result instanceof Class<?> plain ? BOXES.getOrDefault(plain, plain) : result;
        return name + Arrays.toString(method.getGenericParameterTypes()) + boxed.getTypeName();
    }
}
