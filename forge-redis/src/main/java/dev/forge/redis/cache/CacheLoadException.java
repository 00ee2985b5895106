package dev.forge.redis.cache;

/** A loader failed with a checked exception, which is the cause; or took too long, or could not begin. */
public final class CacheLoadException extends RuntimeException {

    private static final long serialVersionUID = 1;

    CacheLoadException(String cache, Throwable cause) {
        super("loading into the cache " + cache + " failed: " + cause.getClass().getSimpleName(), cause);
    }

    CacheLoadException(String message) {
        super(message);
    }
}
