package dev.forge.torture.load;

import dev.forge.redis.RedisManager;
import dev.forge.torture.check.Calm;
import dev.forge.torture.check.DeadlineCheck;
import dev.forge.torture.check.Epochs;
import dev.forge.torture.check.Secrets;
import dev.forge.torture.check.Violations;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The environment of the streams of one phase.
 *
 * @param mine the manager of one process
 * @param theirs that of another process, simulated in the same JVM
 * @param deadline the longest that one call may take
 * @param filling a secret that every value contains
 * @param underWay the number of async calls that have begun and not ended
 */
public record Ground(
        RedisManager mine,
        RedisManager theirs,
        Epochs epochs,
        Violations violations,
        DeadlineCheck deadlines,
        Calm calm,
        Secrets secrets,
        Duration deadline,
        String filling,
        AtomicInteger underWay) {

    RedisManager manager(long number) {
        return number % 2 == 0 ? mine : theirs;
    }
}
