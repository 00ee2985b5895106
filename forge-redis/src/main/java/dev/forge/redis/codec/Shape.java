package dev.forge.redis.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.type.TypeFactory;

/**
 * What a type is made of: the names and types of its parts, and of theirs.
 *
 * <p>The names of classes do not count, so that one may be renamed or moved; those of the JDK do, because what they look like
 * as JSON is up to them.
 */
final class Shape {

    private static final TypeFactory TYPES = TypeFactory.createDefaultInstance();

    private final StringBuilder text = new StringBuilder();

    // A type within itself is named by when it was first seen.
    private final Map<Class<?>, Integer> seen = new HashMap<>();

    /** Adds {@code type}. */
    Shape add(JavaType type) {
        Class<?> raw = type.getRawClass();
        if (type.isContainerType() || raw.isPrimitive() || raw.getName().startsWith("java")) {
            text.append(raw.getName());
            for (JavaType part : type.getBindings().getTypeParameters()) {
                text.append('<');
                add(part).text.append('>');
            }
            if (type.isArrayType()) {
                add(type.getContentType());
            }
            return this;
        }
        Integer before = seen.putIfAbsent(raw, seen.size());
        if (before != null) {
            text.append('#').append(before);
            return this;
        }
        text.append('{');
        if (raw.isEnum()) {
            for (Object constant : raw.getEnumConstants()) {
                text.append(((Enum<?>) constant).name()).append(',');
            }
        } else {
            addFields(raw, type);
        }
        text.append('}');
        return this;
    }

    private void addFields(Class<?> raw, JavaType type) {
        Class<?> parent = raw.getSuperclass();
        if (parent != null && parent != Object.class && parent != Record.class) {
            add(TYPES.constructType(parent));
        }
        // The JVM does not promise an order.
        Field[] fields = raw.getDeclaredFields();
        Arrays.sort(fields, Comparator.comparing(Field::getName));
        for (Field field : fields) {
            if (!Modifier.isStatic(field.getModifiers())
                    && !Modifier.isTransient(field.getModifiers())
                    && !field.isSynthetic()) {
                text.append(field.getName()).append(':');
                add(TYPES.resolveMemberType(field.getGenericType(), type.getBindings()));
                text.append(';');
            }
        }
    }

    /** Returns the CRC-32 of all that was added, but never 0. */
    int fingerprint() {
        CRC32 sum = new CRC32();
        sum.update(text.toString().getBytes(UTF_8));
        int value = (int) sum.getValue();
        return value == 0 ? 1 : value;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
