package dev.forge.benchmarks.peer.bulk;

import dev.forge.benchmarks.peer.Library;
import dev.forge.benchmarks.peer.Opened;
import java.util.List;

/** A library that gets many values at once. */
public interface BulkPeer extends Opened {

    /** Stores {@code value} for each of {@code keys}, in the format of this library. */
    void store(List<String> keys, String value);

    /** Returns the total length of the values of {@code keys}; blocks. */
    long lengths(List<String> keys) throws Exception;

    /** Connects {@code library} to the server at {@code port} of this machine. */
    static BulkPeer open(Library library, int port) {
        return switch (library) {
            case LETTUCE -> new LettuceBulk(port);
            case FORGE -> new ForgeBulk(port);
            case JEDIS -> new JedisBulk(port);
            default -> throw library.doesNot("get many values at once");
        };
    }
}
