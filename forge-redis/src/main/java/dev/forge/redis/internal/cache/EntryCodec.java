package dev.forge.redis.internal.cache;

import dev.forge.redis.codec.Codec;
import dev.forge.redis.codec.CodecException;
import dev.forge.redis.internal.protocol.Reply;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encodes the values of one cache as entries and decodes them, and checks their size and shape.
 *
 * @param packAbove the size in bytes above which content is compressed
 * @param largest the largest encoded size of a value, in bytes
 * @param check rejects values that would not be read back equal
 */
public record EntryCodec<V>(String cache, Codec<V> codec, int packAbove, int largest, StoreCheck<V> check) {

    private static final Logger LOG = LoggerFactory.getLogger("dev.forge.redis.cache");

    /**
     * Returns the entry for {@code value}, which was loaded, or null if it must not be stored: it cannot be encoded, is
     * too large, or would not be read back equal. That is counted and logged.
     */
    public byte @Nullable [] encode(V value, Duration loadTime, Entry.@Nullable Stamp stamp) {
        byte[] content;
        try {
            content = codec.encode(value);
        } catch (RuntimeException e) {
            check.refuse(e);
            return null;
        }
        try {
            checkStorable(value, content);
        } catch (CodecException e) {
            return null;
        }
        return entry(content, loadTime, stamp);
    }

    /** Counts and logs that a loaded value is not stored, because its TTL or its tags cannot be used. */
    public void refuse(String reason) {
        check.refuse(new CodecException(reason));
    }

    /**
     * Returns the content of an entry for {@code value}, which a caller has put.
     *
     * @throws CodecException if it cannot be encoded, is too large, or would not be read back equal
     */
    public byte[] contentToPut(V value) {
        byte[] content = codec.encode(value);
        checkStorable(value, content);
        return content;
    }

    private void checkStorable(V value, byte[] content) {
        if (content.length > largest) {
            throw check.refuse(new CodecException("the value has " + content.length
                    + " bytes, and the largestValue of the cache " + cache + " is " + largest));
        }
        check.check(value, content);
    }

    /** Returns the entry with {@code content}, compressed if that makes it smaller. */
    public byte[] entry(byte[] content, Duration loadTime, Entry.@Nullable Stamp stamp) {
        byte[] packed = content.length > packAbove ? Compression.pack(content) : null;
        return Entry.value(
                packed == null ? content : packed, packed != null, codec.fingerprint(), millis(loadTime), stamp);
    }

    public static byte[] absence(Duration loadTime) {
        return Entry.absence(millis(loadTime));
    }

    /**
     * Returns the value in {@code entry} if it is uncompressed, untagged and quick to decode, or else a copy of its
     * bytes. Runs on an I/O thread.
     */
    Object decodeOrCopy(ByteBuffer entry) {
        int begin = entry.position();
        if (entry.remaining() >= Entry.HEADER
                && entry.getInt(begin) == Entry.PLAIN_VALUE
                && entry.getInt(begin + 4) == codec.fingerprint()) {
            entry.position(begin + Entry.HEADER);
            V value = codec.decodeOnArrival(entry);
            if (value != null && !(value instanceof byte[])) {
                return value;
            }
            entry.position(begin);
        }
        return Reply.copied(entry);
    }

    /** Returns the value in {@code entry}, or null if it cannot be read. */
    @Nullable
    public Optional<V> decode(Entry.Value entry) {
        if (entry.fingerprint() != codec.fingerprint()) {
            LOG.debug("A value of the cache {} has another shape and counts as missing", cache);
            return null;
        }
        return decode(entry.bytes(), entry.offset(), entry.packed());
    }

    /** Returns the value in the bytes of an uncompressed and untagged entry; null for other bytes, or an unreadable one. */
    @Nullable
    Optional<V> decodePlain(byte[] bytes) {
        return bytes.length >= Entry.HEADER
                        && Entry.number(bytes, 0) == Entry.PLAIN_VALUE
                        && Entry.number(bytes, 4) == codec.fingerprint()
                ? decode(bytes, Entry.HEADER, false)
                : null;
    }

    private @Nullable Optional<V> decode(byte[] bytes, int offset, boolean packed) {
        try {
            if (!packed) {
                return Optional.of(codec.decode(bytes, offset, bytes.length - offset));
            }
            byte[] content = Compression.unpack(bytes, offset, largest);
            return content == null ? null : Optional.of(codec.decode(content));
        } catch (RuntimeException e) {
            LOG.debug("A value of the cache {} cannot be read and counts as missing: {}", cache, e.getMessage());
            return null;
        }
    }

    // Zero means unknown: such a value is never refreshed early.
    private static int millis(Duration loadTime) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(loadTime.isZero() ? 0 : 1, loadTime.toMillis()));
    }
}
