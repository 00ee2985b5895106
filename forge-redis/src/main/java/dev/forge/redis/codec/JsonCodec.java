package dev.forge.redis.codec;

import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.deser.jdk.StringDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.ser.jdk.StringSerializer;

/**
 * A JSON codec that goes by the declared type alone.
 *
 * <p>The type is never taken from the data: no class that a value names is ever loaded. Unknown properties are ignored.
 * A value that lacks a property which its constructor needs is refused.
 *
 * <p>The {@link #fingerprint()} changes with the form of the JSON: when a property is added, renamed or gets another
 * type, or when a subtype or an enum constant is added or removed. It does not change with the name of a class.
 *
 * <p>Without a mapper, times keep their offset and zone. Where the declared type is only {@code Object} or {@code
 * Number}, a scalar whose class plain JSON would lose is tagged: <code>{"@Long":7}</code>; see {@code
 * docs/wire-format.md}. A codec keeps what it knows about its type in itself, so none of that outlives the codec.
 *
 * <p>Thread-safe.
 *
 * @param <T> the type of the values: a record, a bean, or anything else that Jackson reads and writes
 */
public final class JsonCodec<T> implements Codec<T> {

    private final JsonMapper mapper;
    private final JavaType type;
    private final Shape shape;
    private final ObjectReader reader;
    private final ObjectWriter writer;
    private final int fingerprint;
    private final boolean checksEachValue;
    private final boolean text;

    private JsonCodec(JsonMapper mapper, Type type, boolean isPlain) {
        this.mapper = mapper;
        this.type = mapper.constructType(type);
        this.shape = ShapeWalk.of(mapper, this.type);
        ObjectReader reading = mapper.readerFor(this.type);
        this.reader = isPlain && !shape.omits()
                ? reading.with(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                : reading;
        this.writer = mapper.writerFor(this.type);
        this.fingerprint = shape.fingerprint();
        // With the rules of another mapper, whether a value survives can only be checked for each value.
        this.checksEachValue = !isPlain || !shape.isFixed();
        this.text = this.type.hasRawClass(String.class) && isPlainText(mapper, this.type);
    }

    private JsonCodec(JsonCodec<T> strict, DeserializationFeature... without) {
        this.mapper = strict.mapper;
        this.type = strict.type;
        this.shape = strict.shape;
        this.reader = strict.reader.withoutFeatures(without);
        this.writer = strict.writer;
        this.fingerprint = strict.fingerprint;
        this.checksEachValue = strict.checksEachValue;
        this.text = strict.text;
    }

    /**
     * Returns a codec for {@code type}.
     *
     * @throws IllegalArgumentException if values of the type would be read as different values, or Jackson cannot
     *     handle it at all
     */
    public static <T> JsonCodec<T> of(Class<T> type) {
        return new JsonCodec<>(PlainMapper.create(), type, true);
    }

    /** Like {@link #of(Class)}, for a type with type parameters. */
    public static <T> JsonCodec<T> of(TypeRef<T> type) {
        return new JsonCodec<>(PlainMapper.create(), type.type(), true);
    }

    /**
     * Returns a codec for {@code type} with the rules of {@code mapper}, which must have no default typing.
     *
     * @throws IllegalArgumentException as for {@link #of(Class)}
     */
    public static <T> JsonCodec<T> of(Class<T> type, JsonMapper mapper) {
        return new JsonCodec<>(mapper, type, false);
    }

    /** Like {@link #of(Class, JsonMapper)}, for a type with type parameters. */
    public static <T> JsonCodec<T> of(TypeRef<T> type, JsonMapper mapper) {
        return new JsonCodec<>(mapper, type.type(), false);
    }

    /**
     * Returns a codec that reads null, 0 or false where a property is missing or null: for values that outlive a release and
     * are described only by their JSON. Caches do not need it, because they never read values of a release with another
     * shape.
     */
    public JsonCodec<T> acceptingMissing() {
        // Before Jackson 3.2 a primitive that is missing counts as null.
        return new JsonCodec<>(
                this,
                DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
    }

    /** Returns why values of some types within this type cannot be read from JSON; empty if all can. */
    public List<String> unreadable() {
        return shape.unreadable();
    }

    private static boolean isPlainText(JsonMapper mapper, JavaType type) {
        return mapper._serializationContext()
                                .findContentValueSerializer(type, null)
                                .getClass()
                        == StringSerializer.class
                && mapper._deserializationContext()
                                .findContextualValueDeserializer(type, null)
                                .getClass()
                        == StringDeserializer.class;
    }

    @Override
    public byte[] encode(T value) {
        try {
            return writer.writeValueAsBytes(value);
        } catch (JacksonException e) {
            throw new CodecException("cannot write a " + type.toCanonical() + " as JSON" + place(e));
        }
    }

    @Override
    public T decode(byte[] bytes) {
        return decode(bytes, 0, bytes.length);
    }

    @Override
    public @Nullable T decodeOnArrival(ByteBuffer bytes) {
        return text ? cast(PlainText.read(bytes)) : null;
    }

    @SuppressWarnings("unchecked") // the type is String
    private @Nullable T cast(@Nullable String plain) {
        return (T) plain;
    }

    @Override
    public T decode(byte[] bytes, int offset, int length) {
        T plain = text ? cast(PlainText.read(bytes, offset, length)) : null;
        if (plain != null) {
            return plain;
        }
        T value;
        try {
            value = reader.readValue(bytes, offset, length);
        } catch (JacksonException e) {
            throw new CodecException("cannot read a " + type.toCanonical() + " from JSON" + place(e));
        }
        if (value == null) {
            throw new CodecException("cannot read a " + type.toCanonical() + " from JSON: it is null");
        }
        return value;
    }

    /** Returns a number that identifies the form of the JSON of the type, regardless of the names of its classes. */
    @Override
    public int fingerprint() {
        return fingerprint;
    }

    @Override
    public boolean checksEachValue() {
        return checksEachValue;
    }

    @Override
    public void check(T value, byte[] bytes) {
        T read;
        try {
            read = decode(bytes);
        } catch (CodecException e) {
            throw shape.unreadable().isEmpty()
                    ? e
                    : new CodecException(e.getMessage() + ": " + String.join("; ", shape.unreadable()));
        }
        String difference = new Sameness(mapper).difference(value, read);
        if (difference != null) {
            throw new CodecException(
                    "a " + type.toCanonical() + " does not come back from JSON as it was: " + difference);
        }
    }

    private static String place(JacksonException e) {
        String path = e.getPathReference();
        // What a getter or a setter has thrown, such as for a lazy association, says more than Jackson's own class.
        Throwable cause = e.getCause() == null ? e : e.getCause();
        String kind = cause.getClass().getSimpleName();
        return path == null || path.isEmpty() ? " (" + kind + ")" : " at " + path + " (" + kind + ")";
    }
}
