package dev.forge.redis.spring.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.redis.key.Keyspace;
import dev.forge.redis.key.RedisKey;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Collection;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.util.ClassUtils;
import org.springframework.util.ObjectUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Keys as a person would write them: {@code 42}, {@code (42,de)} for two parameters, {@code [1,2]} for a list, {@code
 * Page(0,20)} for a record, {@code Map[(a,1),(b,2)]} for a map in any order. A {@code Date} is its instant, and a {@code
 * Calendar} too, in its zone.
 *
 * <p>Different keys have different texts: inside brackets, a backslash stands before a comma, a bracket and a backslash, and
 * {@code \N} and {@code \E} stand for null and for an empty text. A text that looks like such a key has a backslash in
 * front. A number and a text of the same digits are alike, so that {@code 42} and {@code "42"} are one key.
 *
 * <p>A text of more than 500 bytes in Redis, or one that is not valid Unicode, is replaced by its beginning and its SHA-256: {@code
 * beginning…(hash)}.
 */
final class TextKeys implements CacheKeyFormat {

    private static final String SPECIAL = "\\,()[]";

    // The longest key has 1,024 bytes, of which the prefix and the name of the cache take some.
    private static final int LONGEST = 500;
    // As in Cache.invalidateTag and in properties, which must mean the same tag.
    private static final int LONGEST_TAG = 512;
    private static final int BEGINNING = 100;
    private static final Keyspace ANY = new Keyspace("any");

    private static final Field PARAMETERS = parameters();

    /** Whether a class has a {@code toString} of its own; looked up once for each class. */
    private static final ClassValue<Boolean> HAS_TEXT = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return ClassUtils.getMethod(type, "toString").getDeclaringClass() != Object.class;
        }
    };

    @Override
    public String format(Object key) {
        String scalar = scalar(key);
        return fitting(scalar == null ? composite(key) : alone(scalar), LONGEST);
    }

    /** Returns the tag for {@code text}, which may be any text, as a key may. Two texts that share a tag do no harm. */
    static String tag(String text) {
        return text.isEmpty() ? "\\E" : fitting(text, LONGEST_TAG);
    }

    /** Returns the text of a key that is only {@code scalar}. */
    private static String alone(String scalar) {
        boolean looksComposite = scalar.startsWith("\\") || scalar.endsWith(")") || scalar.endsWith("]");
        return scalar.isEmpty() ? "\\E" : looksComposite ? "\\" + scalar : scalar;
    }

    /** Returns {@code text}, or its replacement if it cannot be in a key of Redis. No other key has that text. */
    private static String fitting(String text, int longest) {
        boolean fits = RedisKey.isUnicode(text) && (text.length() <= longest / 3 || bytes(text) <= longest);
        if (fits) {
            return text;
        }
        String beginning = text.substring(0, Math.min(text.length(), BEGINNING)).replaceFirst("^\\\\+", "");
        // Half of a surrogate pair becomes a question mark.
        return new String(beginning.getBytes(UTF_8), UTF_8) + "…(" + hash(text) + ")";
    }

    /** Returns how many bytes {@code text} has in Redis. */
    private static int bytes(String text) {
        return ANY.key(text).getBytes(UTF_8).length - "any::".length();
    }

    private static String hash(String text) {
        ByteBuffer characters = ByteBuffer.allocate(Character.BYTES * text.length());
        characters.asCharBuffer().put(text);
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(characters.array()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no SHA-256", e);
        }
    }

    private static String part(@Nullable Object part) {
        if (part == null) {
            return "\\N";
        }
        String scalar = scalar(part);
        if (scalar == null) {
            return composite(part);
        }
        return scalar.isEmpty() ? "\\E" : escaped(scalar);
    }

    /** Returns the text of a key that has no parts, or null. */
    private static @Nullable String scalar(Object key) {
        if (key instanceof String text) {
            return text; // The most common.
        }
        if (key instanceof Enum<?> constant) {
            return constant.name();
        }
        if (key instanceof Class<?> type) {
            return type.getName();
        }
        if (key instanceof Date date) {
            return instant(date);
        }
        if (key instanceof Calendar calendar) {
            return calendar.toInstant()
                    .atZone(calendar.getTimeZone().toZoneId())
                    .toString();
        }
        boolean hasParts = key instanceof SimpleKey
                || key instanceof Map<?, ?>
                || key instanceof Map.Entry<?, ?>
                || key instanceof Optional<?>
                || key instanceof Collection<?>
                || key instanceof Record
                || key.getClass().isArray();
        return hasParts ? null : own(key);
    }

    private static String composite(Object key) {
        if (key instanceof Optional<?> optional) {
            return part(optional.orElse(null));
        }
        if (key instanceof SimpleKey parameters) {
            return joined("(", Arrays.stream((Object[]) ReflectionUtils.getField(PARAMETERS, parameters)), ")");
        }
        if (key instanceof List<?> list) {
            return joined("[", list.stream(), "]");
        }
        if (key instanceof Record fields) {
            return record(fields);
        }
        if (key instanceof Map.Entry<?, ?> entry) {
            return entry("Entry[", entry, "]");
        }
        if (key instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> entry("(", entry, ")"))
                    .sorted()
                    .collect(Collectors.joining(",", "Map[", "]"));
        }
        if (key instanceof Collection<?>) {
            throw refused(key, "has no order");
        }
        return joined("[", Arrays.stream(ObjectUtils.toObjectArray(key)), "]");
    }

    private static String record(Record part) {
        Stream<Object> values = Arrays.stream(part.getClass().getRecordComponents())
                .map(RecordComponent::getAccessor)
                .map(accessor -> {
                    ReflectionUtils.makeAccessible(accessor);
                    return ReflectionUtils.invokeMethod(accessor, part);
                });
        return joined(escaped(part.getClass().getSimpleName()) + "(", values, ")");
    }

    private static String joined(String open, Stream<?> parts, String close) {
        return parts.map(TextKeys::part).collect(Collectors.joining(",", open, close));
    }

    /** Returns all of a date, which its own text does not. */
    @SuppressWarnings("JavaUtilDate") // a key of the application
    private static String instant(Date date) {
        try {
            return date.toInstant().toString();
        } catch (UnsupportedOperationException e) {
            // A day or a time of day in SQL, whose text is all of it.
            return date.toString();
        }
    }

    private static String entry(String open, Map.Entry<?, ?> entry, String close) {
        return joined(open, Stream.of(entry.getKey(), entry.getValue()), close);
    }

    private static String own(Object key) {
        if (!HAS_TEXT.get(key.getClass())) {
            throw refused(key, "has only Object's toString()");
        }
        return key.toString();
    }

    private static IllegalArgumentException refused(Object key, String reason) {
        return new IllegalArgumentException("a key of a cache must have the same text in every process, but a "
                + key.getClass().getName() + " " + reason
                + "; name the parts that make the key, as in @Cacheable(key = \"#user.id\")");
    }

    private static String escaped(String text) {
        StringBuilder escaped = null;
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            boolean special = SPECIAL.indexOf(each) >= 0;
            if (special && escaped == null) {
                escaped = new StringBuilder(text.length() + 8).append(text, 0, i);
            }
            if (escaped != null) {
                (special ? escaped.append('\\') : escaped).append(each);
            }
        }
        return escaped == null ? text : escaped.toString();
    }

    private static Field parameters() {
        Field field = ReflectionUtils.findField(SimpleKey.class, null, Object[].class);
        if (field == null) {
            throw new IllegalStateException("this version of Spring has no parameters in " + SimpleKey.class);
        }
        ReflectionUtils.makeAccessible(field);
        return field;
    }
}
