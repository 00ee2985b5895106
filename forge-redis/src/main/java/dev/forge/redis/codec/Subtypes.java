package dev.forge.redis.codec;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.jsontype.NamedType;
import tools.jackson.databind.jsontype.TypeSerializer;

/** The type ids of a polymorphic type, and the subtypes that they identify. */
record Subtypes(TypeSerializer ids, Collection<NamedType> types) {

    /** Returns the subtypes that a value of {@code type} may have, by type id, in the order of the ids. */
    Map<String, Class<?>> of(JavaType type, SerializationContext writing) {
        Map<String, Class<?>> byId = new TreeMap<>();
        for (NamedType subtype : types) {
            // A class inherits the list of its interface, which includes its siblings.
            boolean isOne = type.getRawClass().isAssignableFrom(subtype.getType());
            if (isOne && (!type.isAbstract() || subtype.getType() != type.getRawClass())) {
                String id = ids.getTypeIdResolver().idFromValueAndType(writing, null, subtype.getType());
                byId.put(String.valueOf(id), subtype.getType());
            }
        }
        return byId;
    }
}
