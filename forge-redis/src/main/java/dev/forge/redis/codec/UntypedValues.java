package dev.forge.redis.codec;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.io.Serializable;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.jsontype.NamedType;
import tools.jackson.databind.jsontype.TypeDeserializer;
import tools.jackson.databind.jsontype.TypeIdResolver;
import tools.jackson.databind.jsontype.TypeResolverBuilder;
import tools.jackson.databind.jsontype.TypeSerializer;

/** Tags scalars wherever they are declared only as {@code Object}, {@code Number} or {@code Serializable}. */
final class UntypedValues implements TypeResolverBuilder<UntypedValues> {

    private static final Set<Class<?>> DECLARED = Set.of(Object.class, Number.class, Serializable.class);

    /** Returns whether the declared {@code type} leaves the class of a scalar open. */
    static boolean areOf(JavaType type) {
        return DECLARED.contains(type.getRawClass());
    }

    @Override
    public @Nullable TypeSerializer buildTypeSerializer(
            SerializationContext context, JavaType type, @Nullable Collection<NamedType> subtypes) {
        return areOf(type) ? new UntypedWriter() : null;
    }

    @Override
    public @Nullable TypeDeserializer buildTypeDeserializer(
            DeserializationContext context, JavaType type, @Nullable Collection<NamedType> subtypes) {
        return areOf(type) ? new UntypedReader(type) : null;
    }

    @Override
    public @Nullable Class<?> getDefaultImpl() {
        return null;
    }

    @Override
    public UntypedValues init(JsonTypeInfo.@Nullable Value settings, @Nullable TypeIdResolver resolver) {
        return this;
    }

    @Override
    public UntypedValues withDefaultImpl(@Nullable Class<?> implementation) {
        return this;
    }

    @Override
    public UntypedValues withSettings(JsonTypeInfo.@Nullable Value settings) {
        return this;
    }
}
