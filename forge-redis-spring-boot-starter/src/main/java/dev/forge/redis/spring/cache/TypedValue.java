package dev.forge.redis.spring.cache;

/** A cached value, and the type by which it is stored. */
record TypedValue(Object value, CachedType type) {}
