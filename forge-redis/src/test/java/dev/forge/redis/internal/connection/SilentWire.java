package dev.forge.redis.internal.connection;

import dev.forge.redis.internal.transport.Wire;
import java.io.IOException;

/** A connection to no server, of which tests replace what they need. */
class SilentWire implements Wire {

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        return -1;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {}

    @Override
    public boolean isQuiet() {
        return true;
    }

    @Override
    public void close() {}
}
