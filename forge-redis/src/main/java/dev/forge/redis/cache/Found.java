package dev.forge.redis.cache;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a look-up in Redis found. */
sealed interface Found<V> {

    /** The value, or the knowledge that there is none. */
    record Present<V>(Optional<V> value) implements Found<V> {}

    /** Nothing; {@code lease} is the right to store what is loaded, or null if nobody may. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares leases
    record Missing<V>(byte @Nullable [] lease) implements Found<V> {}
}
