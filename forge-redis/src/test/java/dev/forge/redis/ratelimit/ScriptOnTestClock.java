package dev.forge.redis.ratelimit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.redis.script.LuaScript;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The script of an algorithm, with a test clock in place of the clock of the server, by which keys expire too. */
final class ScriptOnTestClock {

    static final long START = 1_763_800_000_123_456L;

    /** Stands in for {@code redis}. The time is the last two arguments; a second key holds when a key expires. */
    private static final String REDIS = """
            local server, micros, seconds = redis, table.remove(ARGV), table.remove(ARGV)
            local millis = math.floor((seconds * 1000000 + micros) / 1000)
            local redis = {}
            function redis.call(command, key, ...)
              if command == 'TIME' then
                return {seconds, micros}
              end
              local value, option, ttl = ...
              local expiry = key .. ':expires'
              local expires = tonumber(server.call('GET', expiry) or nil)
              if expires and millis > expires then
                server.call('DEL', key, expiry)
                expires = nil
              end
              if command == 'PTTL' then
                return expires and expires - millis or -1
              elseif command == 'PEXPIRE' then
                return server.call('SET', expiry, millis + value)
              elseif command == 'SET' then
                if option == 'PX' then
                  server.call('SET', expiry, millis + ttl)
                else
                  assert(option == 'KEEPTTL')
                end
                return server.call('SET', key, value)
              end
              return server.call(command, key, ...)
            end
            redis.pcall = redis.call
            """;

    private ScriptOnTestClock() {}

    /** The requests of one subject. */
    record Asked(int cost, int requests) {}

    static LuaScript of(Algorithm algorithm) {
        return LuaScript.of("test", REDIS + new String(algorithm.script().source(), UTF_8));
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
