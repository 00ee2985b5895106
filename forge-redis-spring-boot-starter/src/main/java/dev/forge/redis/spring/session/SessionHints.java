package dev.forge.redis.spring.session;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.boot.context.properties.bind.BindableRuntimeHintsRegistrar;
import org.springframework.util.ClassUtils;

/** What a native image must keep for {@code HttpSession}: properties that are read without a bean, and what JSON writes. */
final class SessionHints implements RuntimeHintsRegistrar {

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        if (!ClassUtils.isPresent("org.springframework.session.SessionRepository", classLoader)
                || !ClassUtils.isPresent("jakarta.servlet.http.HttpSession", classLoader)) {
            return;
        }
        BindableRuntimeHintsRegistrar.forTypes(HttpSessionCookie.class).registerHints(hints, classLoader);
        new BindingReflectionHintsRegistrar()
                .registerReflectionHints(hints.reflection(), CsrfTokenAttribute.Token.class, FlashMaps.Stored.class);
    }
}
