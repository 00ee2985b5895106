package dev.forge.redis.cache;

import dev.forge.redis.cache.Loads.Loaded;
import dev.forge.redis.internal.cache.Leases;
import dev.forge.redis.internal.cache.LookupResult;
import dev.forge.redis.key.Keyspace;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Look-ups whose caller loads a missing value itself: {@link Cache#lookup} and {@link Cache#peek}.
 *
 * <p>They wait for no load. A stale value is a miss for the one caller that gets the lease to refresh it, and a hit for all others. So is
 * a value that is due for an early refresh.
 */
final class CallerLookup<V> {

    private final Keyspace keyspace;
    private final CacheParts<V> parts;
    private final SingleLookup<V> single;
    private final Lookup.Awaiting awaiting;

    CallerLookup(Keyspace keyspace, CacheParts<V> parts, SingleLookup<V> single, Lookup.Awaiting awaiting) {
        this.keyspace = keyspace;
        this.parts = parts;
        this.single = single;
        this.awaiting = awaiting;
    }
