package dev.forge.redis.internal.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Locale;

/** The commands that Forge sends; there are no others. */
@SuppressWarnings("ImmutableEnumChecker") // nothing modifies the array
public enum Command {
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
    SELECT(false),

    // Sent by scripts, and by a diagnosis to test whether the user has the permission.
    DEL(false),
    GETRANGE(true),
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
    private final byte[] bytes = toString().getBytes(US_ASCII);
    private final String operation = toString().toLowerCase(Locale.ROOT);

    Command(boolean read) {
        this.read = read;
    }

    /** Returns whether the command changes nothing, so that it may be sent a second time. */
    public boolean isRead() {
        return read;
    }

    /** Returns the name as an observer gets it. */
    String operation() {
        return operation;
    }

    /** Returns the name as it is sent; not a copy. */
    public byte[] getBytes() {
        return bytes;
    }
}
