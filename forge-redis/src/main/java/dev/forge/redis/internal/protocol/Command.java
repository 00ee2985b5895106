package dev.forge.redis.internal.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.protocol.ProtocolKeyword;

/** The commands that Forge sends. There are no others, besides those with which the client logs in. */
@SuppressWarnings({"deprecation", "ImmutableEnumChecker"})
public // the interface deprecates name(); nobody writes to the word
enum Command implements ProtocolKeyword {
    GET(true),
    MGET(true),
    EXISTS(true),
    SET(false),
    UNLINK(false),
    EVAL(false),
    EVALSHA(false),
    SCAN(true),
    INFO(true),
    TIME(true),
    PTTL(true),
    PING(true),
    ROLE(true),
    CLUSTER(true),
    SENTINEL(true),
    ASKING(false),
    READONLY(false),
    CLIENT(false),
    HELLO(false),

    // Sent by scripts, and by a diagnosis, which tries whether they may be.
    DEL(false),
    HDEL(false),
    HGET(true),
    HGETALL(true),
    HMGET(true),
    HSET(false),
    PEXPIRE(false),
    PEXPIREAT(false),
    SETRANGE(false),
    ZADD(false),
    ZCOUNT(true),
    ZRANGE(true),
    ZREM(false),
    ZREMRANGEBYSCORE(false),
    ZSCORE(true);

    private final boolean read;
    private final byte[] argument = toString().getBytes(US_ASCII);

    Command(boolean read) {
        this.read = read;
    }

    /** Returns whether it changes nothing, so that it may be sent a second time. */
    public boolean isRead() {
        return read;
    }

    @Override
    public byte[] getBytes() {
        return argument;
    }
}
