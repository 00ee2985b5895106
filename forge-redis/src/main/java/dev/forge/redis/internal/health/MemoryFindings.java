package dev.forge.redis.internal.health;

import dev.forge.redis.health.Finding;
import dev.forge.redis.health.Finding.Code;
import dev.forge.redis.health.Finding.Severity;
import dev.forge.redis.internal.protocol.ServerInfo;
import java.util.List;

/** Findings about the memory limit and about what the server does when it is reached. */
final class MemoryFindings {

    private MemoryFindings() {}

    static Finding noLimit() {
        return new Finding(
                Code.NO_MEMORY_LIMIT,
                Severity.WARNING,
                "The server has no memory limit: maxmemory is 0.",
                "It grows until the operating system kills it, and all its data is lost at once.",
                """
                redis-cli CONFIG SET maxmemory 1gb      (three quarters of what its machine or container has)
                redis-cli CONFIG SET maxmemory-policy allkeys-lru      (for a cache; noeviction if sessions are in it)
                redis-cli CONFIG REWRITE""");
    }

    /**
     * Returns the findings about what happens when memory is full.
     *
     * @param policy the {@code maxmemory-policy} of the server
     * @param state whether there are sessions or rate limits: hashes, or keys of limits, under our prefix
     */
    static List<Finding> full(String policy, boolean state) {
        if (policy.equals("noeviction")) {
            return List.of(new Finding(
                    Code.NO_EVICTION,
                    state ? Severity.NOTE : Severity.WARNING,
                    "When memory is full the server refuses writes: maxmemory-policy is noeviction.",
                    "A cache should make room for new values instead; nothing new is stored until something expires.",
                    state
                            ? "This is right for the sessions or rate limits here. Give the cache a server of its"
                                    + " own, and there:\nredis-cli CONFIG SET maxmemory-policy allkeys-lru"
                            : "redis-cli CONFIG SET maxmemory-policy allkeys-lru\nredis-cli CONFIG REWRITE"));
        }
        if (!state || policy.equals(ServerInfo.UNKNOWN)) {
            return List.of();
        }
        return List.of(new Finding(
                Code.EVICTS_STATE,
                Severity.WARNING,
                "When memory is full the server removes sessions and rate limits too: maxmemory-policy is " + policy
                        + ".",
                "Users are logged out, and limits start again from zero, without any error.",
                "Give sessions and limits a server of their own, and there:\n"
                        + "redis-cli CONFIG SET maxmemory-policy noeviction\nredis-cli CONFIG REWRITE"));
    }
}
