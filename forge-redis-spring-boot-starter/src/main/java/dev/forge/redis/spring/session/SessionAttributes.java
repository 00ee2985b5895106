package dev.forge.redis.spring.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.redis.codec.CodecException;
import dev.forge.redis.codec.JsonCodec;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns the attributes of an {@code HttpSession} into text and back: a type name, a colon, and the value.
 *
 * <p>Types are few and fixed, apart from those that the application registers. No text can name a class.
 */
final class SessionAttributes {

    private static final int DEEPEST = 50;
    private static final JsonCodec<Object> JSON = JsonCodec.of(Object.class);

    private final Map<String, SessionAttributeType<?>> byName = new HashMap<>();
    private final Map<Class<?>, SessionAttributeType<?>> byClass = new HashMap<>();

    SessionAttributes(List<SessionAttributeType<?>> types) {
        for (SessionAttributeType<?> type : types) {
            if (byName.put(type.name(), type) != null || byClass.put(type.type(), type) != null) {
                throw new IllegalArgumentException("two session attribute types are called " + type.name()
                        + " or are for " + type.type().getName());
            }
        }
    }

    /**
     * Returns the text for {@code value}.
     *
     * @throws IllegalArgumentException if values of its type cannot be stored
     */
    String write(String attribute, Object value) {
        SessionAttributeType<?> type = byClass.get(value.getClass());
        if (type != null) {
            return "type:" + type.name() + ":" + type.writeAny(value);
        }
        if (value instanceof String text) {
            return "text:" + text;
        }
        if (value instanceof Boolean) {
            return "boolean:" + value;
        }
        if (value instanceof Integer) {
            return "int:" + value;
        }
        if (value instanceof Long) {
            return "long:" + value;
        }
        if (value instanceof Double) {
            return "double:" + value;
        }
        if (isJson(value, DEEPEST)) {
            return "json:" + new String(JSON.encode(value), UTF_8);
        }
        throw refused(attribute, value);
    }

    /** Returns the value; empty if it cannot be read, for example if its type is no longer registered. */
    Optional<Object> read(String text) {
        int colon = text.indexOf(':');
        String kind = colon < 0 ? "" : text.substring(0, colon);
        String value = text.substring(colon + 1);
        try {
            return switch (kind) {
                case "text" -> Optional.of(value);
                case "boolean" -> Optional.of(Boolean.valueOf(value));
                case "int" -> Optional.of(Integer.valueOf(value));
                case "long" -> Optional.of(Long.valueOf(value));
                case "double" -> Optional.of(Double.valueOf(value));
                case "json" -> Optional.of(JSON.decode(value.getBytes(UTF_8)));
                case "type" -> registered(value);
                default -> Optional.empty();
            };
        } catch (NumberFormatException | CodecException e) {
            return Optional.empty();
        }
    }

    private Optional<Object> registered(String text) {
        int colon = text.indexOf(':');
        SessionAttributeType<?> type = colon < 0 ? null : byName.get(text.substring(0, colon));
        if (type == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(type.read().apply(text.substring(colon + 1)));
        } catch (RuntimeException e) {
            // This release may not be able to read what an older or newer release of the application wrote.
            return Optional.empty();
        }
    }

    /** Returns whether {@code value} is a list or map of plain values, of a class that may be replaced. */
    private static boolean isJson(@Nullable Object value, int depth) {
        if (depth == 0) {
            return false;
        }
        if (value instanceof Collection<?> || value instanceof Map<?, ?>) {
            if (!value.getClass().getPackageName().equals("java.util")) {
                return false;
            }
            if (value instanceof Map<?, ?> map) {
                return map.entrySet().stream()
                        .allMatch(entry -> entry.getKey() instanceof String && isPlain(entry.getValue(), depth));
            }
            return value instanceof List<?> list && list.stream().allMatch(element -> isPlain(element, depth));
        }
        return false;
    }

    private static boolean isPlain(@Nullable Object value, int depth) {
        return value == null
                || value instanceof String
                || value instanceof Boolean
                || value instanceof Integer
                || value instanceof Long
                || value instanceof Double
                || isJson(value, depth - 1);
    }

    private static IllegalArgumentException refused(String attribute, Object value) {
        String type = value.getClass().getName();
        return new IllegalArgumentException("the session attribute '" + attribute
                + "' must be a String, a Boolean, an Integer,"
                + " a Long, a Double, a java.util List or Map of these, or of a registered type, but was a " + type
                + ". To keep it, add a bean: SessionAttributeType.json(\"some-name\", "
                + value.getClass().getSimpleName()
                + ".class), or store its id and load it again.");
    }
}
