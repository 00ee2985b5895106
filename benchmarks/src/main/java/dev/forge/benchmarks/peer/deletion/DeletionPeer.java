package dev.forge.benchmarks.peer.deletion;

import dev.forge.benchmarks.peer.Library;
import dev.forge.benchmarks.peer.Opened;

/** A library that deletes all keys behind a prefix. */
public interface DeletionPeer extends Opened {

    /** Deletes every key that begins with {@code name::}; blocks until that is done. */
    void delete(String name);

    /** Connects {@code library} to the server at {@code port} of this machine. */
    static DeletionPeer open(Library library, int port) {
        return switch (library) {
            case LETTUCE -> new LettuceDeletion(port);
            case FORGE -> new ForgeDeletion(port);
            case SPRING_CACHE -> new SpringDeletion(port);
            case REDISSON -> new RedissonDeletion(port);
            default -> throw library.doesNot("delete by pattern");
        };
    }
}
