package dev.forge.redis.codec;

import java.lang.reflect.Type;
import java.nio.ByteBuffer;
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
 * JSON, by the declared type alone.
 *
 * <p>The type is never taken from the data: no class name in a value is ever loaded. Properties that the type does not have
 * are ignored; where one is missing that its constructor needs, the value is refused. A change of what the JSON looks like changes
 * the {@link #fingerprint()}: a property that is added, renamed or of another type, a subtype or an enum constant that comes or goes;
 * not the name of a class.
 *
 * <p>Without a mapper, times keep their offset and zone. Where the declared type says no more than {@code Object} or {@code Number},
 * a scalar whose class plain JSON would lose is tagged: <code>{"@Long":7}</code>; see {@code docs/wire-format.md}. A codec keeps what
 * it knows of its type to itself: when it is gone, so is that.
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
        // What the rules of another mapper leave of a value is for the value to show.
        this.checksEachValue = !isPlain || !shape.isFixed();
        this.text = this.type.hasRawClass(String.class) && isPlainText(mapper, this.type);
    }

    private JsonCodec(JsonCodec<T> strict, DeserializationFeature without) {
        this.mapper = strict.mapper;
        this.type = strict.type;
        this.shape = strict.shape;
        this.reader = strict.reader.without(without);
        this.writer = strict.writer;
        this.fingerprint = strict.fingerprint;
        this.checksEachValue = strict.checksEachValue;
        this.text = strict.text;
    }

    /**
     * Returns a codec for {@code type}.
     *
     * @throws IllegalArgumentException if values of the type would come back as others, or Jackson cannot write or read it at all
     */
    public static <T> JsonCodec<T> of(Class<T> type) {
        return new JsonCodec<>(PlainMapper.create(), type, true);
    }

    /** Does what {@link #of(Class)} does for a type with parameters. */
    public static <T> JsonCodec<T> of(TypeRef<T> type) {
        return new JsonCodec<>(PlainMapper.create(), type.type(), true);
    }

    /**
     * Returns a codec for {@code type} with the rules of {@code mapper}, which must have no default typing.
     *
     * @throws IllegalArgumentException as {@link #of(Class)} does
     */
    public static <T> JsonCodec<T> of(Class<T> type, JsonMapper mapper) {
        return new JsonCodec<>(mapper, type, false);
    }

    /** Does what {@link #of(Class, JsonMapper)} does for a type with parameters. */
    public static <T> JsonCodec<T> of(TypeRef<T> type, JsonMapper mapper) {
        return new JsonCodec<>(mapper, type.type(), false);
    }

    /**
     * Returns a codec that reads null, 0 or false where a property is missing: for values that outlive a release and that nothing
     * but their JSON describes. Caches do not need it, because the values of another release are missing for them.
     */
    public JsonCodec<T> acceptingMissing() {
        return new JsonCodec<>(this, DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);
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

    /** Returns a number that stands for what the JSON of the type looks like, but not for the names of its classes. */
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
        String kind = e.getClass().getSimpleName();
        return path == null || path.isEmpty() ? " (" + kind + ")" : " at " + path + " (" + kind + ")";
    }
}
