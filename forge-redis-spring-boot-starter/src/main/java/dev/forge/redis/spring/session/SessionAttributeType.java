package dev.forge.redis.spring.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.forge.redis.codec.JsonCodec;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A type whose values an application keeps in its {@code HttpSession}. Each bean of this class registers one.
 *
 * <p>A value may be an attribute, a flash attribute, the principal of a login, or a login of its own. A type that is
 * registered for a class of Spring Security replaces the one that Forge has for it.
 *
 * <p>Redis stores the name and not the class, so that data in Redis never decides which class is loaded. Only values of
 * exactly {@code type} are stored, no subclasses, and come back as that type.
 *
 * @param name the name in Redis: lower-case letters, digits and {@code -}; keep it when the class moves
 * @param type the class
 * @param write turns a value into text
 * @param read turns the text into a value; if it throws, the attribute is absent
 * @param <T> the class
 */
public record SessionAttributeType<T>(String name, Class<T> type, Function<T, String> write, Function<String, T> read) {

    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,64}");

    /** Checks the name. */
    public SessionAttributeType {
        requireNonNull(type, "type");
        requireNonNull(write, "write");
        requireNonNull(read, "read");
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "name must have from 1 to 64 lower-case letters, digits and '-', but was " + name);
        }
    }

    /**
     * Stores {@code type}, a record or a bean, as JSON, by its declared type alone. Properties that an older session
     * lacks are null, 0 or false.
     *
     * @throws IllegalArgumentException if values would come back changed, or Jackson cannot write or read the type
     */
    public static <T> SessionAttributeType<T> json(String name, Class<T> type) {
        return json(name, type, type, Function.identity(), Function.identity());
    }

    /**
     * Stores {@code type} as the JSON of {@code form}: {@code write} turns a value into that, and {@code read} turns it
     * back.
     */
    static <T, F> SessionAttributeType<T> json(
            String name, Class<T> type, Class<F> form, Function<T, F> write, Function<F, T> read) {
        // A session outlives a release of the application.
        JsonCodec<F> codec = JsonCodec.of(form).acceptingMissing();
        return new SessionAttributeType<>(
                name,
                type,
                value -> new String(codec.encode(write.apply(value)), UTF_8),
                text -> read.apply(codec.decode(text.getBytes(UTF_8))));
    }

    String writeAny(Object value) {
        return write.apply(type.cast(value));
    }
}
