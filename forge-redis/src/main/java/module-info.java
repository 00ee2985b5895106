/** Redis caching, rate limits and sessions for Java services. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // of Lettuce, which has no descriptor
module dev.forge.redis {
    requires transitive lettuce.core;
    requires transitive org.jspecify;
    requires transitive tools.jackson.databind;
    requires com.github.benmanes.caffeine;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires org.slf4j;
    requires reactor.core;

    exports dev.forge.redis;
    exports dev.forge.redis.cache;
    exports dev.forge.redis.cache.observe;
    exports dev.forge.redis.codec;
    exports dev.forge.redis.deletion;
    exports dev.forge.redis.failure;
    exports dev.forge.redis.health;
    exports dev.forge.redis.key;
    exports dev.forge.redis.observe;
    exports dev.forge.redis.ratelimit;
    exports dev.forge.redis.script;
    exports dev.forge.redis.session;
    exports dev.forge.redis.settings;
}
