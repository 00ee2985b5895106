package dev.forge.redis.spring.cache;

import dev.forge.redis.codec.Codec;
import dev.forge.redis.codec.JsonCodec;
import dev.forge.redis.codec.TypeRef;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32;
import org.reactivestreams.Publisher;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * A type of values, how they become JSON, and the number that precedes them in Redis.
 *
 * <p>The number is computed from the name of the type and the shape of its JSON. So no class is ever chosen by the data: a
 * number that no annotated method of this application has is unreadable.
 */
final class CachedType {

    private final Class<?> raw;
    private final String name;
    private final int id;
    private final Codec<Object> codec;
    private volatile boolean passed;

    private CachedType(Class<?> raw, String name, Codec<Object> codec) {
        this.raw = raw;
        this.name = name;
        this.codec = codec;
        CRC32 sum = new CRC32();
        sum.update(name.getBytes(StandardCharsets.UTF_8));
        for (int shift = 24; shift >= 0; shift -= 8) {
            sum.update(codec.fingerprint() >>> shift);
        }
        this.id = (int) sum.getValue();
    }

    /**
     * Returns {@code type} as a type of cached values.
     *
     * @throws IllegalArgumentException if it names a type variable, or JSON cannot write and read its values
     */
    @SuppressWarnings("unchecked") // the codec only gets values of the type
    static CachedType of(ResolvableType type) {
        Type known = known(type).getType();
        Class<?> raw = ClassUtils.resolvePrimitiveIfNecessary(type.toClass());
        Type boxed = known instanceof Class<?> ? raw : known;
        JsonCodec<Object> codec = (JsonCodec<Object>) JsonCodec.of(TypeRef.of(boxed));
        if (!codec.unreadable().isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", codec.unreadable()));
        }
        return new CachedType(raw, boxed.getTypeName(), codec);
    }

    /**
     * Returns what a method with the return type {@code type} leaves in a cache: without future or Mono, or without Optional if
     * that is the return type itself.
     */
    static ResolvableType cachedBy(ResolvableType type) {
        Class<?> raw = type.toClass();
        if (raw == Optional.class) {
            return type.getGeneric();
        }
        if (CompletableFuture.class.isAssignableFrom(raw)) {
            return type.as(CompletableFuture.class).getGeneric();
        }
        ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(raw);
        if (adapter != null && Publisher.class.isAssignableFrom(raw)) {
            ResolvableType element = type.as(Publisher.class).getGeneric();
            return adapter.isMultiValue() ? ResolvableType.forClassWithGenerics(List.class, element) : element;
        }
        return type;
    }

    private static ResolvableType known(ResolvableType type) {
        if (type.isArray()) {
            return ResolvableType.forArrayComponent(known(type.getComponentType()));
        }
        Class<?> raw = type.resolve();
        if (raw == null) {
            throw new IllegalArgumentException("the type " + type + " is not known before the method is called");
        }
        ResolvableType[] generics = type.getGenerics();
        return generics.length == 0
                ? ResolvableType.forClass(raw)
                : ResolvableType.forClassWithGenerics(
                        raw, Arrays.stream(generics).map(CachedType::known).toArray(ResolvableType[]::new));
    }

    int id() {
        return id;
    }

    /** Returns whether {@code other} has the same number because it is the same type, and not by chance. */
    boolean isSame(CachedType other) {
        return raw == other.raw && name.equals(other.name);
    }

    boolean holds(Object value) {
        return raw.isInstance(value);
    }

    /** Returns whether {@code value} is of this class itself, and not of a subclass. */
    boolean isClassOf(Object value) {
        return raw == value.getClass();
    }

    byte[] encode(Object value) {
        return codec.encode(value);
    }

    Object decode(byte[] bytes, int offset, int length) {
        return codec.decode(bytes, offset, length);
    }

    /** Like {@link Codec#check}, but only once for the type if the result depends on the type alone. */
    void check(Object value, byte[] bytes) {
        if (!passed) {
            codec.check(value, bytes);
            passed = !codec.checksEachValue();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
