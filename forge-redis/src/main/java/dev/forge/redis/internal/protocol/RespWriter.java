package dev.forge.redis.internal.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/**
 * Commands in RESP, each an array of bulk strings, one after the other in one growing array of bytes.
 *
 * <p>Not thread-safe.
 */
public final class RespWriter {

    private static final int MOST_DIGITS = 11;
    private static final int END = 2;
    private static final int HEADER = 1 + MOST_DIGITS + END;

    private final int kept;
    private byte[] bytes;
    private int length;

    /** @param kept the most bytes of memory that {@link #clear} keeps for the next commands */
    public RespWriter(int kept) {
        this.kept = kept;
        this.bytes = new byte[Math.min(kept, 512)];
    }

    /** Returns the name of a command, or another fixed argument, as it is sent. */
    public static byte[] argument(String text) {
        return text.getBytes(US_ASCII);
    }

    /** Returns a number as it is sent. */
    public static byte[] argument(long number) {
        return Long.toString(number).getBytes(US_ASCII);
    }

    /** Returns how many bytes a command takes at most. */
    private static int length(byte[][] arguments) {
        int length = (int) overhead(arguments.length);
        for (byte[] argument : arguments) {
            length += argument.length;
        }
        return length;
    }

    /** Returns how many bytes a command takes at most besides the bytes of its {@code count} arguments. */
    static long overhead(int count) {
        return HEADER + (long) count * (HEADER + END);
    }

    /** Adds one command. If that fails, for want of memory, nothing is added. */
    public void write(byte[][] arguments) {
        room(length(arguments));
        int at = header(length, '*', arguments.length);
        for (byte[] argument : arguments) {
            at = header(at, '$', argument.length);
            System.arraycopy(argument, 0, bytes, at, argument.length);
            at = end(at + argument.length);
        }
        length = at;
    }

    /** Returns the array that contains the commands, from its start. */
    public byte[] bytes() {
        return bytes;
    }

    /** Returns how many bytes the commands have. */
    public int length() {
        return length;
    }

    /** Removes all that was added after {@link #length} was {@code before}. */
    public void truncate(int before) {
        length = before;
    }

    /** Removes all commands. */
    public void clear() {
        length = 0;
        if (bytes.length > kept) {
            bytes = new byte[kept];
        }
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            long all = (long) length + more;
            if (all > Integer.MAX_VALUE - 8) {
                throw new OutOfMemoryError("commands of " + all + " bytes");
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(all, 2L * bytes.length)));
        }
    }

    private int header(int from, char kind, int number) {
        int at = from;
        bytes[at++] = (byte) kind;
        int power = 1;
        for (int rest = number; rest >= 10; rest /= 10) {
            power *= 10;
        }
        for (int rest = number; power > 0; power /= 10) {
            bytes[at++] = (byte) ('0' + rest / power % 10);
        }
        return end(at);
    }

    private int end(int at) {
        bytes[at] = '\r';
        bytes[at + 1] = '\n';
        return at + END;
    }
}
