package dev.forge.redis.cache;

/** A load failed with a checked exception, which is the cause, or exceeded its timeout, or could not begin in time. */
public final class CacheLoadException extends RuntimeException {

    private static final long serialVersionUID = 1;

    CacheLoadException(String cache, Throwable cause) {
        super("loading into the cache " + cache + " failed: " + cause.getClass().getSimpleName(), cause);
    }

    CacheLoadException(String message) {
        super(message);
    }
}
