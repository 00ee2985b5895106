package dev.forge.redis;

import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.script.ScriptReply;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A blocking view of the core of a manager. */
public final class SyncCore {

    private final RedisCore core;

    private SyncCore(RedisCore core) {
        this.core = core;
    }

    public static SyncCore of(RedisManager redis) {
        return new SyncCore(CoreAccess.coreOf(redis));
    }

    public Optional<byte[]> getBytes(String key) {
        return core.await("getBytes", () -> core.getBytes(key));
    }

    public List<Optional<byte[]>> getAllBytes(Collection<String> keys) {
        return core.await("getAllBytes", () -> core.getAllBytes(keys));
    }

    public long pttl(String key) {
        return core.await("pttl", () -> core.pttl(key));
    }

    public void setBytes(String key, byte[] value, Duration ttl) {
        core.await("setBytes", () -> core.setBytes(key, value, ttl));
    }

    public ScriptReply eval(LuaScript script, List<String> keys, List<byte[]> args, Duration timeout) {
        return core.await("eval", () -> core.eval(script, keys, args, timeout));
    }
}
