package dev.forge.redis.ratelimit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.script.LuaScript;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The script of an algorithm, with a test clock in place of the clock of the server. */
final class ScriptOnTestClock {

    static final long START = 1_763_800_000_123_456L;
    static final String CLOCK = "local time = redis.call('TIME')\n";

    private ScriptOnTestClock() {}

    /** The requests of one subject. */
    record Asked(int cost, int requests) {}

    /**
     * Returns the script. Keys expire by the server clock, which the test does not control: they get one more minute.
     */
    static LuaScript of(Algorithm algorithm) {
        String script = source(algorithm)
                .replace(
                        CLOCK,
                        "local micros, seconds = table.remove(ARGV), table.remove(ARGV) local time = {seconds, micros}\n");
        assertThat(script).containsOnlyOnce("/ 1000)");
        return LuaScript.of("test", script.replace("/ 1000)", "/ 1000) + 60000"));
    }

    static String source(Algorithm algorithm) {
        return new String(algorithm.script().source(), UTF_8);
    }

    static List<byte[]> arguments(List<Limit> limits, List<Asked> asked, long now) {
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(LuaScript.argument(limits.size()));
        for (Limit limit : limits) {
            arguments.add(LuaScript.argument(limit.permits()));
            arguments.add(LuaScript.argument(limit.periodMicros()));
        }
        for (Asked one : asked) {
            arguments.add(LuaScript.argument(one.cost()));
            arguments.add(LuaScript.argument(one.requests()));
        }
        arguments.add(LuaScript.argument(now / 1_000_000));
        arguments.add(LuaScript.argument(now % 1_000_000));
        return arguments;
    }

    /** Returns the next five numbers of a reply. */
    static List<Long> numbers(ByteBuffer reply) {
        return Stream.generate(() -> (long) reply.getDouble()).limit(5).toList();
    }
}
