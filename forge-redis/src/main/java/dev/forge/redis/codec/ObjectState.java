package dev.forge.redis.codec;

import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.AnnotatedField;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.ser.BeanPropertyWriter;
import tools.jackson.databind.ser.PropertyWriter;

/** The state of application objects: the properties that are written as JSON, and their fields. */
final class ObjectState {

    private final JsonMapper mapper;
    private final SerializationContext context;

    ObjectState(JsonMapper mapper) {
        this.mapper = mapper;
        this.context = mapper._serializationContext();
    }

    /** Returns the properties of {@code object} by name; or its JSON, if that is not a JSON object. */
    Map<String, @Nullable Object> properties(Object object) {
        Map<String, @Nullable Object> properties = new TreeMap<>();
        ValueSerializer<Object> serializer = context.findPrimaryPropertySerializer(object.getClass(), null);
        Iterator<PropertyWriter> writers = serializer.properties();
        if (!writers.hasNext()) {
            properties.put("JSON", mapper.writeValueAsString(object));
        }
        while (writers.hasNext()) {
            if (writers.next() instanceof BeanPropertyWriter writer) {
                properties.put(writer.getName(), valueOf(writer, object));
            }
        }
        return properties;
    }

    private static @Nullable Object valueOf(BeanPropertyWriter writer, Object object) {
        try {
            return writer.get(object);
        } catch (JacksonException e) {
            throw e;
        } catch (Exception e) {
            throw new CodecException("the property " + writer.getName() + " of a "
                    + object.getClass().getName() + " cannot be read: "
                    + e.getClass().getName());
        }
    }

    /** Returns the names of the properties and fields of {@code type} that its annotations exclude. */
    Set<String> ignored(Class<?> type) {
        JavaType javaType = mapper.constructType(type);
        AnnotatedClass annotated = context.introspectClassAnnotations(javaType);
        Set<String> ignored = new TreeSet<>(
                context.introspectBeanDescription(javaType, annotated).getIgnoredPropertyNames());
        // Before Jackson 3.2 a private field without methods is not a property, and so is not among them.
        for (AnnotatedField field : annotated.fields()) {
            if (context.getAnnotationIntrospector().hasIgnoreMarker(context.getConfig(), field)) {
                ignored.add(field.getName());
            }
        }
        return ignored;
    }

    /**
     * Returns the fields of {@code object} by name, without those in {@code others} and those that cannot be compared.
     */
    Map<String, @Nullable Object> fields(Object object, Set<String> others) {
        Map<String, @Nullable Object> fields = new TreeMap<>();
        for (Class<?> type = object.getClass(); type != null && !ShapeWalk.isJdk(type); type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                int modifiers = field.getModifiers();
                if (!Modifier.isStatic(modifiers)
                        && !Modifier.isTransient(modifiers)
                        && !field.isSynthetic()
                        && !others.contains(field.getName())) {
                    put(fields, field, object);
                }
            }
        }
        return fields;
    }

    private static void put(Map<String, @Nullable Object> fields, Field field, Object object) {
        try {
            field.setAccessible(true);
            Object value = field.get(object);
            // Locks or loggers, for example, cannot be compared.
            boolean comparable = value == null
                    || value.getClass().isArray()
                    || !ShapeWalk.isJdk(value.getClass())
                    || overridesEquals(value.getClass());
            fields.put(field.getName(), comparable ? value : value.getClass());
        } catch (IllegalAccessException | InaccessibleObjectException e) {
            // The module of the class does not open its fields: comparing the properties has to suffice.
        }
    }

    /** Returns whether {@code type} has an {@code equals} of its own. */
    static boolean overridesEquals(Class<?> type) {
        try {
            return type.getMethod("equals", Object.class).getDeclaringClass() != Object.class;
        } catch (NoSuchMethodException e) {
            throw new AssertionError(e);
        }
    }
}
