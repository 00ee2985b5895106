package dev.forge.redis.spring.session;

import dev.forge.redis.spring.connection.Property;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.core.env.Environment;
import org.springframework.http.ResponseCookie;

/**
 * What {@code server.servlet.session.cookie.*} says about the cookie of {@code HttpSession}. A value that Forge cannot
 * honour stops the start.
 */
record HttpSessionCookie(
        @Nullable String name,
        @Nullable String domain,
        @Nullable String path,
        @Nullable Boolean httpOnly,
        @Nullable Boolean secure,
        @DurationUnit(ChronoUnit.SECONDS) @Nullable Duration maxAge,
        @Nullable String sameSite,
        @Nullable Boolean partitioned) {

    /** Nothing is set. */
    static final HttpSessionCookie NONE = new HttpSessionCookie(null, null, null, null, null, null, null, null);

    private static final String SERVLET = "server.servlet.session";

    static HttpSessionCookie of(Environment environment) {
        Binder binder = Binder.get(environment);
        // The other properties beside the cookie say where a container keeps sessions of its own.
        Set<String> modes = binder.bind(SERVLET + ".tracking-modes", Bindable.setOf(String.class))
                .orElse(Set.of());
        if (modes.stream().anyMatch(mode -> !mode.equalsIgnoreCase("cookie"))) {
            throw Property.refused(
                    SERVLET + ".tracking-modes",
                    "must be cookie, but was " + String.join(", ", modes)
                            + ": a session id in a URL would be in logs and in the history of browsers");
        }
        return binder.bind(SERVLET + ".cookie", HttpSessionCookie.class).orElse(NONE);
    }

    /**
     * Returns the cookie that the properties describe.
     *
     * @param secureCookie {@code forge.session.secure-cookie}, or null if it is not set
     */
    SessionCookie sessionCookie(@Nullable Boolean secureCookie) {
        if (secureCookie != null && secure != null && !secureCookie.equals(secure)) {
            throw Property.refused(
                    SERVLET + ".cookie.secure",
                    "is " + secure + ", but forge.session.secure-cookie is " + secureCookie
                            + "; remove one of the two");
        }
        boolean overTls = secureCookie != null ? secureCookie : !Boolean.FALSE.equals(secure);
        return Property.checked(
                SERVLET + ".cookie", () -> SessionCookie.of(template(overTls, path == null ? "/" : path), maxAge));
    }

    private ResponseCookie template(boolean overTls, String path) {
        // Browsers bind a cookie of this name to this host, where the rest allows the name.
        boolean forHost = overTls && path.equals("/") && domain == null;
        return ResponseCookie.from(name != null ? name : forHost ? "__Host-session" : "session", "")
                .secure(overTls)
                .domain(domain)
                .path(path)
                .httpOnly(!Boolean.FALSE.equals(httpOnly))
                .sameSite(sameSite == null ? "Lax" : sameSite(sameSite))
                .partitioned(Boolean.TRUE.equals(partitioned))
                .build();
    }

    /** Returns the value of the attribute, or null to leave it out. */
    private static @Nullable String sameSite(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "none" -> "None";
            case "lax" -> "Lax";
            case "strict" -> "Strict";
            case "omitted" -> null;
            default ->
                throw new IllegalArgumentException("same-site must be none, lax, strict or omitted, but was " + value);
        };
    }
}
