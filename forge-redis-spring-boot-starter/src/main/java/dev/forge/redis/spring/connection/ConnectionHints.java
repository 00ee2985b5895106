package dev.forge.redis.spring.connection;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.boot.context.properties.bind.BindableRuntimeHintsRegistrar;

/** What a native image must keep for the library: its scripts, and the properties that are read without a bean. */
final class ConnectionHints implements RuntimeHintsRegistrar {

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        hints.resources().registerPattern("dev/forge/redis/**/*.lua");
        // The library makes it by its name, because it is optional.
        hints.reflection()
                .registerTypeIfPresent(
                        classLoader,
                        "tools.jackson.module.kotlin.KotlinModule",
                        MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS);
        BindableRuntimeHintsRegistrar.forTypes(SpringDataRedisProperties.class, ForgeRedisServersProperties.class)
                .registerHints(hints, classLoader);
    }
}
