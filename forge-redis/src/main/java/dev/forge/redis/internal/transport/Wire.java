package dev.forge.redis.internal.transport;

import dev.forge.redis.internal.protocol.ReplyReader;
import java.io.IOException;

/**
 * The bytes of one connection, in both directions; reading and writing block.
 *
 * <p>One thread may read while another writes. {@link #close} may be called by any thread, and ends what blocks.
 */
public interface Wire extends ReplyReader.Source {

    /** Writes all of the bytes; blocks while the network does not take them. */
    void write(byte[] bytes, int offset, int length) throws IOException;

    /** Returns whether nothing has arrived, not even the end, without waiting; false if that cannot be told. */
    boolean isQuiet();

    /** Closes the connection; never blocks or throws. */
    void close();
}
