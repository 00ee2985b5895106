package dev.forge.redis.internal.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads replies in RESP3 from the bytes of one connection.
 *
 * <p>Blocks until a reply is complete. A reply is passed on piece by piece as it is read: see {@link Reply}. Bytes that
 * are not a reply end in {@link MisplacedReplyException}; the reader must not be used after any exception.
 *
 * <p>Lengths are those that the server states, so memory for a string is allocated as its bytes arrive. RESP2 is
 * contained in RESP3, except for its null list, which reads as a list of {@code -1} elements.
 *
 * <p>Not thread-safe.
 */
public final class ReplyReader {

    /** Deeper lists than this end the connection: no command that Forge sends has such a reply. */
    static final int DEEPEST = 128;

    /** A longer line than this ends the connection. Strings are not lines. */
    static final int LONGEST_LINE = 64 * 1024;

    private static final int SMALLEST_BUFFER = 64;
    private static final int FIRST_PIECE = 1024 * 1024;
    private static final int VERBATIM_PREFIX = 4;

    private final Source source;
    private byte[] buffer;
    private ByteBuffer view;
    private int position;
    private int limit;

    /** Where the bytes come from. */
    public interface Source {

        /** Reads at least one byte, and blocks until there is one; returns how many, or -1 at the end. */
        int read(byte[] to, int offset, int length) throws IOException;
    }

    /**
     * @param bufferSize how many bytes are read ahead at most, at least {@value #SMALLEST_BUFFER}; a longer line makes it
     *     {@value #LONGEST_LINE} and the end of the line
     */
    public ReplyReader(Source source, int bufferSize) {
        this.source = source;
        this.buffer = new byte[Math.max(SMALLEST_BUFFER, bufferSize)];
        this.view = ByteBuffer.wrap(buffer);
    }

    /** Returns whether bytes have been read ahead. */
    public boolean hasMore() {
        return position < limit;
    }

    /** Waits for the next byte; returns whether it begins a push message. */
    public boolean isPushNext() throws IOException {
        return peek() == '>';
    }

    /** Waits for a byte; returns what has been read ahead, at most {@code most} bytes, and leaves it there. */
    public byte[] first(int most) throws IOException {
        peek();
        return Arrays.copyOfRange(buffer, position, Math.min(limit, position + most));
    }

    /** Reads one push message: a list that no command has asked for. */
    public List<?> readPush() throws IOException {
        position++;
        Reply.Any<List<?>> message = new Reply.Any<>(value -> value instanceof List<?> list ? list : List.of());
        readElements(message, readCount(), 0);
        return message.result();
    }

    /** Reads the reply to one command. */
    public void read(Reply<?> into) throws IOException {
        readValue(into, 0);
    }

    private void readValue(Reply<?> into, int depth) throws IOException {
        byte kind = readByte();
        while (kind == '|') {
            // Attributes precede what they describe; Forge needs none.
            Reply<?> ignored = new Reply.Any<>(value -> true);
            readElements(ignored, pairs(readCount()), depth);
            kind = readByte();
        }
        switch (kind) {
            case '$' -> readString(into, 0);
            case ':' -> into.set(readLong());
            case '+', '(' -> into.set(line());
            case '*', '~' -> readElements(into, readCount(), depth);
            case '_' -> {
                line();
                into.setNull();
            }
            case '%' -> readElements(into, pairs(readCount()), depth);
            case '-' -> into.setError(UTF_8.decode(line()).toString());
            case '!' -> readError(into);
            case '=' -> readString(into, VERBATIM_PREFIX);
            case ',' -> into.set(readDouble());
            case '#' -> into.set(readBoolean());
            default -> throw MisplacedReplyException.malformed("begins with the byte " + (kind & 0xff));
        }
    }

    private void readElements(Reply<?> into, int count, int depth) throws IOException {
        if (depth >= DEEPEST) {
            throw MisplacedReplyException.malformed("is nested more than " + DEEPEST + " deep");
        }
        into.multi(count);
        for (int i = 0; i < count; i++) {
            readValue(into, depth + 1);
        }
    }

    private static int pairs(int count) {
        if (count > Integer.MAX_VALUE / 2) {
            throw MisplacedReplyException.malformed("has " + count + " pairs");
        }
        return count < 0 ? count : count * 2;
    }

    /** Reads a string without its first {@code skipped} bytes. */
    private void readString(Reply<?> into, int skipped) throws IOException {
        int length = readCount();
        if (length < 0) {
            into.setNull();
            return;
        }
        if (length < skipped) {
            throw MisplacedReplyException.malformed(
                    "has a string of " + length + " bytes where at least " + skipped + " precede it");
        }
        ByteBuffer string = string(length, skipped);
        if (string == null) {
            into.setFailure(new OutOfMemoryError("no memory for a reply with " + length + " bytes"));
        } else {
            into.set(string);
        }
    }

    private void readError(Reply<?> into) throws IOException {
        int length = readCount();
        if (length < 0) {
            throw MisplacedReplyException.malformed("has an error without a text");
        }
        ByteBuffer text = string(length, 0);
        into.setError(text == null ? "ERR (no memory for the text)" : Reply.text(text));
    }

    /** Returns a string without its first bytes, valid until the next read, or null if there was no memory for it. */
    private @Nullable ByteBuffer string(int length, int skipped) throws IOException {
        if (length <= buffer.length - 2) {
            fill(length + 2);
            int start = position;
            position += length;
            readEnd();
            return view.limit(start + length).position(start + skipped);
        }
        byte[] own = large(length);
        readEnd();
        return own == null ? null : ByteBuffer.wrap(own, skipped, length - skipped);
    }

    /** Reads a string that does not fit into the buffer, into an array of its own; returns null if there is no memory for one. */
    private byte @Nullable [] large(int length) throws IOException {
        int done = Math.min(limit - position, length);
        byte[] own = copy(buffer, position, Math.min(length, Math.max(FIRST_PIECE, done)));
        position += done;
        while (own != null && done < length) {
            if (done == own.length) {
                own = copy(own, 0, (int) Math.min(length, 2L * own.length));
            } else {
                done += read(own, done, own.length - done);
            }
        }
        // Without memory for it, the rest is passed over, so that the next reply can be read.
        for (; done < length; done++) {
            readByte();
        }
        return own;
    }

    private static byte @Nullable [] copy(byte[] array, int from, int length) {
        try {
            return Arrays.copyOfRange(array, from, from + length);
        } catch (OutOfMemoryError e) {
            return null;
        }
    }

    private void readEnd() throws IOException {
        if (readByte() != '\r' || readByte() != '\n') {
            throw MisplacedReplyException.malformed("has no line end where one is due");
        }
    }

    /** Returns the rest of the line; valid until the next read. */
    private ByteBuffer line() throws IOException {
        int length = lineLength();
        int start = position;
        position += length + 2;
        return view.limit(start + length).position(start);
    }

    /** Waits for the end of the line; returns its length without that end. */
    private int lineLength() throws IOException {
        for (int length = 0; length <= LONGEST_LINE; length++) {
            if (position + length == limit) {
                fill(length + 1);
            }
            if (buffer[position + length] == '\r') {
                fill(length + 2);
                if (buffer[position + length + 1] != '\n') {
                    throw MisplacedReplyException.malformed("has a line with half a line end");
                }
                return length;
            }
        }
        throw MisplacedReplyException.malformed("has a line of more than " + LONGEST_LINE + " bytes");
    }

    private int readCount() throws IOException {
        long count = readLong();
        if (count < -1 || count > Integer.MAX_VALUE) {
            throw MisplacedReplyException.malformed("has the length " + count);
        }
        return (int) count;
    }

    private long readLong() throws IOException {
        int length = lineLength();
        int at = position;
        int end = at + length;
        boolean negative = length > 0 && buffer[at] == '-';
        if (negative || (length > 0 && buffer[at] == '+')) {
            at++;
        }
        if (at == end || end - at > 19) {
            throw MisplacedReplyException.malformed("has a number of " + (end - at) + " digits");
        }
        long number = 0;
        for (; at < end; at++) {
            int digit = buffer[at] - '0';
            if (digit < 0 || digit > 9) {
                throw MisplacedReplyException.malformed("has a number with the byte " + (buffer[at] & 0xff));
            }
            number = number * 10 - digit;
            if (number > 0) {
                throw MisplacedReplyException.malformed("has a number that is too large");
            }
        }
        position = end + 2;
        if (!negative && number == Long.MIN_VALUE) {
            throw MisplacedReplyException.malformed("has a number that is too large");
        }
        return negative ? number : -number;
    }

    private double readDouble() throws IOException {
        String text = UTF_8.decode(line()).toString();
        try {
            return switch (text) {
                case "inf" -> Double.POSITIVE_INFINITY;
                case "-inf" -> Double.NEGATIVE_INFINITY;
                default -> Double.parseDouble(text);
            };
        } catch (NumberFormatException e) {
            throw MisplacedReplyException.malformed("has a number that cannot be read");
        }
    }

    private boolean readBoolean() throws IOException {
        ByteBuffer text = line();
        byte value = text.remaining() == 1 ? text.get() : 0;
        if (value != 't' && value != 'f') {
            throw MisplacedReplyException.malformed("has a boolean that is neither true nor false");
        }
        return value == 't';
    }

    private byte peek() throws IOException {
        if (position == limit) {
            fill(1);
        }
        return buffer[position];
    }

    private byte readByte() throws IOException {
        peek();
        return buffer[position++];
    }

    /** Reads until {@code count} bytes are read ahead; moves what is there to the start if there is no room. */
    private void fill(int count) throws IOException {
        if (position == limit) {
            position = 0;
            limit = 0;
        } else if (position + count > buffer.length) {
            System.arraycopy(buffer, position, buffer, 0, limit - position);
            limit -= position;
            position = 0;
        }
        if (count > buffer.length) {
            // A long line, such as an error that a script makes.
            buffer = Arrays.copyOf(buffer, LONGEST_LINE + 2);
            view = ByteBuffer.wrap(buffer);
        }
        while (limit - position < count) {
            limit += read(buffer, limit, buffer.length - limit);
        }
    }

    private int read(byte[] to, int offset, int length) throws IOException {
        int count = source.read(to, offset, length);
        if (count < 0) {
            throw new EOFException("the server closed the connection");
        }
        return count;
    }
}
