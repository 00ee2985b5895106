package dev.forge.benchmarks.peer.limit;

import dev.forge.benchmarks.peer.JedisClients;
import java.time.Duration;
import java.util.List;
import java.util.function.LongPredicate;
import redis.clients.jedis.RedisClient;

/** Jedis and a script written by hand, by EVALSHA. */
final class JedisLimit implements LimitPeer {

    // The generic cell rate algorithm, and nothing more: no remaining permits, no wait, one permit at a time, one
    // limit.
    private static final String TOKEN_BUCKET = """
            local time = redis.call('TIME')
            local now = time[1] * 1000000 + time[2]
            local full = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now) + ARGV[1]
            if full - now > tonumber(ARGV[2]) then return 0 end
            redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000))
            return 1
            """;

    private final RedisClient jedis;
    private final String digest;
    private final String prefix;
    private final List<String> arguments;
    private final LongPredicate allowed;

    private JedisLimit(RedisClient jedis, String script, String prefix, List<String> arguments, LongPredicate allowed) {
        this.jedis = jedis;
        this.digest = jedis.scriptLoad(script);
        this.prefix = prefix;
        this.arguments = arguments;
        this.allowed = allowed;
    }

    /** Returns the fixed window of {@link LettuceLimit}. */
    static JedisLimit fixedWindow(int port, int callers, int permits, Duration period) {
        return new JedisLimit(
                JedisClients.open(port, callers),
                LettuceLimit.SCRIPT,
                "jedis-limit:" + permits + ":",
                List.of(Long.toString(period.toMillis())),
                count -> count <= permits);
    }

    /** Returns a token bucket in six lines of Lua. */
    static JedisLimit tokenBucket(int port, int callers, int permits, Duration period) {
        long micros = period.toNanos() / 1_000;
        return new JedisLimit(
                JedisClients.open(port, callers),
                TOKEN_BUCKET,
                "jedis-bucket:" + permits + ":",
                List.of(Long.toString(micros / permits), Long.toString(micros)),
                answer -> answer == 1);
    }

    @Override
    public boolean tryAcquire(String subject) {
        return allowed.test((Long) jedis.evalsha(digest, List.of(prefix + subject), arguments));
    }

    @Override
    public void close() {
        jedis.close();
    }
}
