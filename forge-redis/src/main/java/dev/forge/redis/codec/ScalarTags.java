package dev.forge.redis.codec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The tags that name the class of a scalar where its declared type does not: {@code {"@Long":7}}.
 *
 * <p>The set is closed and holds only final classes of the JDK, so that a value cannot name any other class. Scalars
 * that JSON preserves (text, booleans, {@code Integer}, finite {@code Double}) have no tag.
 */
final class ScalarTags {

    /** The tag of a map that could be mistaken for a tagged scalar. */
    static final String MAP = "@Map";

    private static final Map<Class<?>, String> BY_CLASS = List.<Class<?>>of(
                    Byte.class,
                    Short.class,
                    Long.class,
                    Float.class,
                    Double.class,
                    Character.class,
                    BigInteger.class,
                    BigDecimal.class,
                    UUID.class,
                    Instant.class,
                    Duration.class,
                    LocalDate.class,
                    LocalTime.class,
                    LocalDateTime.class,
                    OffsetDateTime.class,
                    ZonedDateTime.class)
            .stream()
            .collect(Collectors.toUnmodifiableMap(Function.identity(), type -> "@" + type.getSimpleName()));

    private static final Map<String, Class<?>> BY_NAME =
            BY_CLASS.entrySet().stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));

    private ScalarTags() {}

    /** Returns the tag that {@code value} needs to keep its class, or null if it needs none. */
    static @Nullable String tagOf(Object value) {
        if (value instanceof Map<?, ?> map) {
            return !map.isEmpty() && isTag(map.keySet().iterator().next()) ? MAP : null;
        }
        if (value instanceof Long number && number != number.intValue()) {
            return null;
        }
        if (value instanceof BigInteger number && number.bitLength() >= Long.SIZE) {
            return null;
        }
        if (value instanceof Double number && Double.isFinite(number)) {
            return null;
        }
        return BY_CLASS.get(value.getClass());
    }

    /** Returns the class of scalars with {@code tag}, or null if that is not the tag of a scalar. */
    static @Nullable Class<?> classOf(String tag) {
        return BY_NAME.get(tag);
    }

    private static boolean isTag(@Nullable Object key) {
        return key != null && (MAP.equals(key.toString()) || BY_NAME.containsKey(key.toString()));
    }
}
