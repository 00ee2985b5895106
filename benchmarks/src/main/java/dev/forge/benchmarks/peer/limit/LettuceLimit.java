package dev.forge.benchmarks.peer.limit;

import dev.forge.benchmarks.peer.LettuceClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;

/** Lettuce: a fixed window in three lines of Lua, by EVALSHA. Hardly anything with a round trip can be faster. */
final class LettuceLimit implements LimitPeer {
    static final String SCRIPT = """
            local n = redis.call('INCR', KEYS[1])
            if n == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
            return n
            """;

    private final LettuceClient client;
    private final RedisCommands<String, String> commands;
    private final String digest;
    private final int permits;
    private final String period;

    LettuceLimit(int port, int permits, Duration period) {
        client = new LettuceClient(port);
        commands = client.connect(StringCodec.UTF8).sync();
        digest = commands.scriptLoad(SCRIPT);
        this.permits = permits;
        this.period = Long.toString(period.toMillis());
    }

    @Override
    public boolean tryAcquire(String subject) {
        Long count = commands.evalsha(
                digest, ScriptOutputType.INTEGER, new String[] {"lettuce-limit:" + permits + ":" + subject}, period);
        return count <= permits;
    }

    @Override
    public void close() {
        client.close();
    }
}
