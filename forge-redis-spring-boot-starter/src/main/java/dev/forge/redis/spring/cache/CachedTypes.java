package dev.forge.redis.spring.cache;

import dev.forge.redis.codec.Codec;
import dev.forge.redis.codec.CodecException;
import java.lang.reflect.TypeVariable;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/** The types of the values of one cache. It grows, because a method may be found only when it is first called. */
final class CachedTypes implements Codec<TypedValue> {

    private static final int ID_BYTES = Integer.BYTES;

    private final String cache;
    private final Map<Integer, CachedType> byId = new ConcurrentHashMap<>();

    /** Whether a method of this cache gives its values tags, or the cache itself does. */
    volatile boolean haveTags;

    CachedTypes(String cache) {
        this.cache = cache;
    }

    /** Adds {@code type}, and returns it, or an equal one that was here before. */
    CachedType add(CachedType type) {
        CachedType before = byId.putIfAbsent(type.id(), type);
        if (before != null && !before.isSame(type)) {
            throw new IllegalStateException("the types " + before + " and " + type + " of the cache " + cache
                    + " have the same number by chance; use two caches");
        }
        return before == null ? type : before;
    }

    /** Adds what {@code method} caches, and returns its type. */
    @Nullable
    CachedType add(CachedMethod method) {
        haveTags |= !method.tags().isEmpty();
        return method.type() == null ? null : add(method.type());
    }

    /**
     * Returns {@code value} with the only type here that fits it; a class without type parameters is added.
     *
     * @throws IllegalArgumentException if no type fits, or several do
     */
    TypedValue typed(Object value) {
        List<CachedType> all = List.copyOf(byId.values());
        List<CachedType> same =
                all.stream().filter(type -> type.isClassOf(value)).toList();
        List<CachedType> fitting =
                same.isEmpty() ? all.stream().filter(type -> type.holds(value)).toList() : same;
        if (fitting.size() == 1) {
            return TypedValue.of(value, fitting.get(0));
        }
        TypeVariable<?>[] parameters = value.getClass().getTypeParameters();
        if (fitting.isEmpty() && parameters.length == 0) {
            return TypedValue.of(value, add(CachedType.of(ResolvableType.forClass(value.getClass()))));
        }
        throw new IllegalArgumentException("the cache " + cache + " cannot tell the type of a value of "
                + value.getClass().getName() + ": "
                + (fitting.isEmpty() ? "it has type parameters" : fitting.size() + " types of this cache fit it")
                + "; name it with forge.cache.caches." + cache + ".type, or use another cache");
    }

    @Override
    public byte[] encode(TypedValue value) {
        byte[] json = value.type().encode(value.value());
        return ByteBuffer.allocate(ID_BYTES + json.length)
                .putInt(value.type().id())
                .put(json)
                .array();
    }

    @Override
    public TypedValue decode(byte[] bytes) {
        return decode(bytes, 0, bytes.length);
    }

    @Override
    public TypedValue decode(byte[] bytes, int offset, int length) {
        CachedType type =
                length < ID_BYTES ? null : byId.get(ByteBuffer.wrap(bytes).getInt(offset));
        if (type == null) {
            throw new CodecException("no method of the cache " + cache + " has the type of this value");
        }
        return TypedValue.of(type.decode(bytes, offset + ID_BYTES, length - ID_BYTES), type);
    }

    @Override
    public void check(TypedValue value, byte[] bytes) {
        value.type().check(value.value(), Arrays.copyOfRange(bytes, ID_BYTES, bytes.length));
    }

    /** Each type remembers by itself whether its values need to be checked. */
    @Override
    public boolean checksEachValue() {
        return true;
    }
}
