package dev.forge.torture.fault;

import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.server.EmbeddedRedisException;

/** A script of another client that keeps a server busy until it ends by itself. */
final class ForeignScript {

    private static final String BUSY = """
            local function now()
                local time = redis.call('TIME')
                return time[1] * 1000 + math.floor(time[2] / 1000)
            end
            local until_then = now() + ARGV[1]
            while now() < until_then do end
            return 'done'
            """;

    private final Thread client;

    private ForeignScript(Thread client) {
        this.client = client;
    }

    /** Starts it; the server is busy soon after. */
    static ForeignScript run(EmbeddedRedis redis, int millis) {
        Thread client = new Thread(
                () -> {
                    try {
                        // TIME does not advance in a script, unless its effects are replicated instead of the script.
                        redis.command("EVAL", "redis.replicate_commands()\n" + BUSY, "0", Integer.toString(millis));
                    } catch (EmbeddedRedisException e) {
                        // The server may have been killed by then.
                    }
                },
                "torture-foreign-script");
        client.setDaemon(true);
        client.start();
        return new ForeignScript(client);
    }

    /** Waits until it has ended. */
    void await() {
        try {
            client.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
