package dev.forge.redis.internal.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;

/** Writes a command in RESP: an array of bulk strings. */
public final class RespWriter {

    private static final byte[] END = {'\r', '\n'};
    private static final int MOST_DIGITS = 11;
    private static final int HEADER = 1 + MOST_DIGITS + END.length;

    private RespWriter() {}

    /** Returns the name of a command, or another fixed argument, as it is sent. */
    public static byte[] argument(String text) {
        return text.getBytes(US_ASCII);
    }

    /** Returns a number as it is sent. */
    public static byte[] argument(long number) {
        return Long.toString(number).getBytes(US_ASCII);
    }

    /** Returns how many bytes {@link #write} writes at most. */
    static int length(byte[][] arguments) {
        int length = (int) overhead(arguments.length);
        for (byte[] argument : arguments) {
            length += argument.length;
        }
        return length;
    }

    /** Returns how many bytes {@link #write} writes at most besides the bytes of {@code count} arguments. */
    static long overhead(int count) {
        return HEADER + (long) count * (HEADER + END.length);
    }

    static void write(byte[][] arguments, ByteBuf buffer) {
        header(buffer, '*', arguments.length);
        for (byte[] argument : arguments) {
            header(buffer, '$', argument.length);
            buffer.writeBytes(argument).writeBytes(END);
        }
    }

    private static void header(ByteBuf buffer, char kind, int number) {
        buffer.writeByte(kind);
        int power = 1;
        for (int rest = number; rest >= 10; rest /= 10) {
            power *= 10;
        }
        for (int rest = number; power > 0; power /= 10) {
            buffer.writeByte('0' + rest / power % 10);
        }
        buffer.writeBytes(END);
    }
}
