package dev.forge.redis.spring.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.redis.codec.JsonCodec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the attributes of an {@code HttpSession} into text and back: a type name, a colon, and the value.
 *
 * <p>Types are few and fixed, apart from those that the application registers. No text can name a class. An attribute
 * that cannot be read is absent, and logged once by its name and type.
 *
 * <p>Thread-safe.
 */
final class SessionAttributes {

    private static final Logger LOG = LoggerFactory.getLogger(SessionAttributes.class);

    private static final int DEEPEST = 50;
    private static final int MOST_WARNINGS = 100;
    private static final int LONGEST_SHOWN = 64;
    private static final JsonCodec<Object> JSON = JsonCodec.of(Object.class);

    private final Map<String, SessionAttributeType<?>> byName = new HashMap<>();
    private final Map<Class<?>, SessionAttributeType<?>> byClass = new HashMap<>();
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    /** @param registered the types of the application, each of which replaces the built-in one for its class */
    SessionAttributes(List<SessionAttributeType<?>> registered, List<BuiltInTypes> builtIn) {
        registered.forEach(this::add);
        for (BuiltInTypes types : builtIn) {
            for (SessionAttributeType<?> type : types.types(registered, this)) {
                if (!byClass.containsKey(type.type())) {
                    add(type);
                }
            }
        }
    }

    private void add(SessionAttributeType<?> type) {
        if (byName.put(type.name(), type) != null || byClass.put(type.type(), type) != null) {
            throw new IllegalArgumentException("two session attribute types are called " + type.name() + " or are for "
                    + type.type().getName());
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
            return "type:" + type.name() + ":" + registered(attribute, value, type);
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
        Optional<Class<?>> unstorable = unstorable(value, DEEPEST);
        if (unstorable.isPresent()) {
            throw refused(attribute, value, unstorable.get());
        }
        return "json:" + new String(JSON.encode(value), UTF_8);
    }

    private static String registered(String attribute, Object value, SessionAttributeType<?> type) {
        try {
            return type.writeAny(value);
        } catch (RuntimeException e) {
            throw UnstorableTypeException.in(e)
                    .map(inside -> refused(attribute, value, inside))
                    .orElseGet(() -> new IllegalArgumentException(
                            "the session attribute '" + attribute + "' cannot be stored: " + e.getMessage(), e));
        }
    }

    /** Returns the value; empty if it cannot be read, for example if its type is no longer registered. */
    Optional<Object> read(String attribute, String text) {
        try {
            Optional<Object> value = read(text);
            if (value.isEmpty()) {
                warn(attribute, text, "its type is not registered");
            }
            return value;
        } catch (RuntimeException e) {
            // This release may not be able to read what an older or newer release of the application wrote.
            warn(
                    attribute,
                    text,
                    "it is not what its type reads (" + e.getClass().getName() + ")");
            return Optional.empty();
        }
    }

    /** Logs the first attribute of this name and type that cannot be read. Never logs a value. */
    private void warn(String attribute, String text, String why) {
        String[] parts = text.split(":", 3);
        String type = parts.length < 2 ? "unknown" : parts[0].equals("type") ? parts[1] : parts[0];
        String shown = printable(attribute) + " of type " + printable(type);
        if (warned.size() < MOST_WARNINGS && warned.add(shown)) {
            LOG.warn("The session attribute {} cannot be read, and is absent: {}. This is logged once.", shown, why);
        }
    }

    private static String printable(String name) {
        String cut = name.length() > LONGEST_SHOWN ? name.substring(0, LONGEST_SHOWN) : name;
        return "'" + cut.replaceAll("\\p{Cntrl}", "?") + "'";
    }

    private Optional<Object> read(String text) {
        int colon = text.indexOf(':');
        String kind = colon < 0 ? "" : text.substring(0, colon);
        String value = text.substring(colon + 1);
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
    }

    private Optional<Object> registered(String text) {
        int colon = text.indexOf(':');
        SessionAttributeType<?> type = colon < 0 ? null : byName.get(text.substring(0, colon));
        return type == null ? Optional.empty() : Optional.of(type.read().apply(text.substring(colon + 1)));
    }

    /** Returns the class that stands in the way of storing {@code value} as JSON; empty if there is none. */
    private static Optional<Class<?>> unstorable(@Nullable Object value, int depth) {
        if (value == null || isPlain(value)) {
            return Optional.empty();
        }
        boolean ofTheJdk = value.getClass().getPackageName().equals("java.util");
        Stream<?> inside;
        if (ofTheJdk && value instanceof List<?> list) {
            inside = list.stream();
        } else if (ofTheJdk
                && value instanceof Map<?, ?> map
                && map.keySet().stream().allMatch(String.class::isInstance)) {
            inside = map.values().stream();
        } else {
            return Optional.of(value.getClass());
        }
        if (depth == 0) {
            return Optional.of(value.getClass());
        }
        return inside.flatMap(element -> unstorable(element, depth - 1).stream())
                .findFirst();
    }

    private static boolean isPlain(Object value) {
        return value instanceof String
                || value instanceof Boolean
                || value instanceof Integer
                || value instanceof Long
                || value instanceof Double;
    }

    private static IllegalArgumentException refused(String attribute, Object value, Class<?> unstorable) {
        String type = value.getClass().getName();
        String inside = unstorable == value.getClass() ? "" : " that holds a " + unstorable.getName();
        return new IllegalArgumentException("the session attribute '" + attribute
                + "' must be a String, a Boolean, an Integer,"
                + " a Long, a Double, a java.util List or Map of these, or of a registered type, but was a " + type
                + inside
                + ". To keep it, add a bean: SessionAttributeType.json(\"some-name\", "
                + unstorable.getSimpleName()
                + ".class), or store its id and load it again.");
    }
}
