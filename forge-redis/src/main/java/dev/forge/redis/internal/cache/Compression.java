package dev.forge.redis.internal.cache;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Compression of large values: their length as four bytes, then raw DEFLATE (RFC 1951).
 *
 * <p>Data whose header claims more than {@value #LARGEST_RATIO} times its size, or more than the largest value, is
 * refused before it is unpacked: this class never writes such data.
 */
final class Compression {

    private static final int LARGEST_RATIO = 100;
    private static final int CHUNK = 8 * 1024;

    private Compression() {}

    /**
     * Returns {@code content} compressed, or null if that is not smaller, or so small that {@link #unpack} would refuse
     * it.
     */
    static byte @Nullable [] pack(byte[] content) {
        Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
        try {
            deflater.setInput(content);
            deflater.finish();
            ByteArrayOutputStream packed = new ByteArrayOutputStream(content.length / 2);
            packed.writeBytes(
                    ByteBuffer.allocate(Integer.BYTES).putInt(content.length).array());
            byte[] chunk = new byte[CHUNK];
            while (!deflater.finished()) {
                packed.write(chunk, 0, deflater.deflate(chunk));
            }
            boolean worthwhile =
                    packed.size() < content.length && (long) packed.size() * LARGEST_RATIO > content.length;
            return worthwhile ? packed.toByteArray() : null;
        } finally {
            deflater.end();
        }
    }

    /**
     * Returns the content of {@code bytes} from {@code offset} on, or null if {@link #pack} cannot have made them from
     * at most {@code largest} bytes.
     */
    static byte @Nullable [] unpack(byte[] bytes, int offset, int largest) {
        int packed = bytes.length - offset;
        if (packed < Integer.BYTES) {
            return null;
        }
        int length = ByteBuffer.wrap(bytes, offset, Integer.BYTES).getInt();
        if (length < 0 || length > largest || length > (long) packed * LARGEST_RATIO) {
            return null;
        }
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(bytes, offset + Integer.BYTES, packed - Integer.BYTES);
            byte[] content = new byte[length];
            int done = 0;
            while (done < length && !inflater.finished()) {
                int more = inflater.inflate(content, done, length - done);
                if (more == 0) {
                    break;
                }
                done += more;
            }
            // One more step, because the inflater may see the end only after the last byte.
            boolean whole = done == length && inflater.inflate(new byte[1]) == 0 && inflater.finished();
            return whole ? content : null;
        } catch (DataFormatException e) {
            return null;
        } finally {
            inflater.end();
        }
    }
}
