package dev.forge.redis.internal.protocol;

import dev.forge.redis.script.LuaScript;
import dev.forge.redis.settings.SettingsReader;

/**
 * Refuses keys, values and arguments that are too large for the server.
 *
 * <p>A server closes the connection on which it receives a string above its {@code proto-max-bulk-len}, which would
 * affect every call that shares the connection.
 *
 * @param bytes the largest size of one key, value or argument
 */
public record SizeLimit(long bytes) {

    /** The smallest value of {@code proto-max-bulk-len}: every server accepts a string of this size. */
    static final int ALWAYS_TAKEN = 1 << 20;

    // The largest buffer that a command can be written to.
    private static final long LARGEST_COMMAND = Integer.MAX_VALUE;

    /** Returns {@code arguments} if each of them, and the whole command, is small enough. */
    public byte[][] check(Command command, byte[][] arguments) {
        return check(command, arguments, RespWriter.overhead(arguments.length));
    }

    /** Returns {@code arguments} if they are small enough with the source of {@code script} in place of its digest. */
    public byte[][] check(LuaScript script, byte[][] arguments) {
        int source = script.source().length;
        checkOne(Command.EVAL, source);
        return check(Command.EVALSHA, arguments, RespWriter.overhead(arguments.length) + source);
    }

    private byte[][] check(Command command, byte[][] arguments, long overhead) {
        long all = overhead;
        for (byte[] argument : arguments) {
            checkOne(command, argument.length);
            all += argument.length;
        }
        if (all > LARGEST_COMMAND) {
            throw new IllegalArgumentException(command + " must have less than " + LARGEST_COMMAND
                    + " bytes in all, but has " + all + "; split it into several calls");
        }
        return arguments;
    }

    private void checkOne(Command command, int length) {
        if (length > bytes) {
            throw new IllegalArgumentException("a key, value or argument of " + command + " must have at most " + bytes
                    + " bytes, but one has " + length + "; to send it, raise " + SettingsReader.MAX_VALUE_BYTES
                    + ", and proto-max-bulk-len of the server if that is below");
        }
    }
}
