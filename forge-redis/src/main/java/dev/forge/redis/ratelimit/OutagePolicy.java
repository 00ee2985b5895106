package dev.forge.redis.ratelimit;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.internal.OutageLog;
import dev.forge.redis.ratelimit.Decision.Allowed;
import dev.forge.redis.ratelimit.Decision.Basis;
import dev.forge.redis.ratelimit.Decision.Denied;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides by the {@link OnOutage} rule, and logs once for each outage that it does. */
final class OutagePolicy {

    private static final Logger LOG = LoggerFactory.getLogger("dev.forge.redis.ratelimit");
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final String name;
    private final List<Limit> limits;
    private final OnOutage rule;
    private final LocalShare share;
    private final OutageLog outage = new OutageLog();

    OutagePolicy(String name, List<Limit> limits, LimiterSettings settings, LongSupplier ticker) {
        this.name = name;
        this.limits = limits;
        this.rule = settings.onOutage();
        this.share = new LocalShare(limits, settings.instances(), ticker);
    }

    /** Returns a denial for the time of an outage, whose end is unknown. */
    static Denied askAgain(Limit limit) {
        return new Denied(PAUSE, PAUSE, Basis.OUTAGE, limit);
    }

    /** Notes that Redis has answered, so that an outage has ended. */
    void ended() {
        outage.worked(() -> LOG.info("The rate limit {} uses Redis again", name));
    }

    /**
     * Returns the decision by the rule, in place of Redis.
     *
     * @throws CompletionException with {@code thrown}, if that is not a failure of Redis
     */
    Decision decide(String subject, int cost, boolean takes, Throwable thrown) {
        RedisFailure failure = RedisFailure.in(thrown).orElseThrow(() -> new CompletionException(thrown));
        OnOutage applied = ruleFor(failure);
        outage.failed(() ->
                LOG.warn("The rate limit {} decides by {} without Redis: {}", name, applied, failure.getMessage()));
        return switch (applied) {
            case ALLOW ->
                new Allowed(limits.get(0).permits(), Duration.ZERO, Duration.ZERO, Basis.OUTAGE, limits.get(0));
            case DENY -> askAgain(limits.get(0));
            case LOCAL_SHARE -> share.decide(subject, cost, takes);
        };
    }

    /** A caller can fill the memory of Redis on purpose, and must not get past the limit by that. */
    private OnOutage ruleFor(RedisFailure failure) {
        boolean full = failure instanceof RedisRefusedException refused && refused.reason() == RefusalReason.OOM;
        return full && rule == OnOutage.ALLOW ? OnOutage.LOCAL_SHARE : rule;
    }
}
