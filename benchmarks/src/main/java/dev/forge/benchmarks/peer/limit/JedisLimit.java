package dev.forge.benchmarks.peer.limit;

import dev.forge.benchmarks.peer.JedisClients;
import java.time.Duration;
import java.util.List;
import redis.clients.jedis.RedisClient;

/** Jedis: the fixed window of {@link LettuceLimit}, by EVALSHA. */
final class JedisLimit implements LimitPeer {
    private final RedisClient jedis;
    private final String digest;
    private final int permits;
    private final List<String> period;

    JedisLimit(int port, int callers, int permits, Duration period) {
        jedis = JedisClients.open(port, callers);
        digest = jedis.scriptLoad(LettuceLimit.SCRIPT);
        this.permits = permits;
        this.period = List.of(Long.toString(period.toMillis()));
    }

    @Override
    public boolean tryAcquire(String subject) {
        Long count = (Long) jedis.evalsha(digest, List.of("jedis-limit:" + permits + ":" + subject), period);
        return count <= permits;
    }

    @Override
    public void close() {
        jedis.close();
    }
}
