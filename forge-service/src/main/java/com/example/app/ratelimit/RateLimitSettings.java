// forge:file redis
package com.example.app.ratelimit;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.convert.DurationUnit;

/** {@code RATE_LIMIT_PERMITS} requests in any {@code RATE_LIMIT_WINDOW} (seconds, or {@code 500ms}, {@code 1m}). */
@ConfigurationProperties("app.rate-limit")
record RateLimitSettings(
        int permits, @DurationUnit(ChronoUnit.SECONDS) Duration window) {}
