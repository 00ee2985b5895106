package dev.forge.redis.codec;

import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON, by the declared type alone.
 *
 * <p>The type is never taken from the data: no class name in a value is ever loaded. Properties that the type does not have
 * are ignored. A change of the type changes its {@link #fingerprint()}.
 *
 * <p>Thread-safe.
 *
 * @param <T> the type of the values: a record, a bean, or anything else that Jackson reads and writes
 */
public final class JsonCodec<T> implements Codec<T> {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final JavaType type;
    private final ObjectReader reader;
    private final ObjectWriter writer;
    private final int fingerprint;
    private final boolean text;

    private JsonCodec(JsonMapper mapper, Type type) {
        this.type = mapper.constructType(type);
        this.reader = mapper.readerFor(this.type);
        this.writer = mapper.writerFor(this.type);
        this.text = this.type.hasRawClass(String.class);
        this.fingerprint = new Shape().add(this.type).fingerprint();
    }

    /** Returns a codec for {@code type}. */
    public static <T> JsonCodec<T> of(Class<T> type) {
        return new JsonCodec<>(MAPPER, type);
    }

    /** Returns a codec for {@code type} with the rules of {@code mapper}, which must have no default typing. */
    public static <T> JsonCodec<T> of(Class<T> type, JsonMapper mapper) {
        return new JsonCodec<>(mapper, type);
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

    /** Returns a number that stands for the names and types of all that the type is made of, but not for its own name. */
    @Override
    public int fingerprint() {
        return fingerprint;
    }

    private static String place(JacksonException e) {
        String path = e.getPathReference();
        String kind = e.getClass().getSimpleName();
        return path == null || path.isEmpty() ? " (" + kind + ")" : " at " + path + " (" + kind + ")";
    }
}
