package dev.forge.redis.spring.connection;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RefusalReason;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/** Explains why a Redis that is required cannot be used, and what decides its address, without a stack trace. */
final class RequiredRedisAnalyzer extends AbstractFailureAnalyzer<RequiredRedisException> {

    private final SettingOrigins origins;

    RequiredRedisAnalyzer(Environment environment) {
        this.origins = new SettingOrigins(environment);
    }

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, RequiredRedisException cause) {
        return new FailureAnalysis(
                cause.failure().text() + "\n\nThe source of this address is " + cause.source() + "."
                        + origins.of(cause.names()),
                action(cause.failure(), cause.address())
                        + "\n\nTo start without Redis and to connect when it is there, set " + cause.property()
                        + "=false.",
                cause);
    }

    private static String action(RedisFailure failure, String address) {
        if (failure instanceof RedisRefusedException refused) {
            if (refused.reason() == RefusalReason.WRONGPASS) {
                return "Correct the user and password at that source; redis-cli with the same login shows the same error.";
            }
            if (refused.reason() == RefusalReason.NOAUTH) {
                return "Set a password at that source, beside the address: the login is never taken from another one.";
            }
            return "Redis answers at " + address + ", and refuses the connection. Change what its error names.";
        }
        return "Start Redis at " + address + ", or correct the address at that source.";
    }
}
