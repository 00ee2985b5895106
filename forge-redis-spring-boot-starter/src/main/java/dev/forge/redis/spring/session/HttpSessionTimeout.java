package dev.forge.redis.spring.session;

import dev.forge.redis.spring.connection.Property;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.env.Environment;

/**
 * How long Spring's own properties keep an unused {@code HttpSession}: {@code spring.session.timeout}, or else
 * {@code server.servlet.session.timeout}. A value that Forge cannot honour stops the start.
 *
 * @param timeout the time, or null if neither property is set
 * @param property the property that says so
 */
record HttpSessionTimeout(@Nullable Duration timeout, String property) {

    private static final String SPRING = "spring.session.timeout";
    private static final String SERVLET = "server.servlet.session.timeout";
    private static final Duration LONGEST = Duration.ofDays(366);

    /** A number alone is in seconds, as in Spring Boot's own properties of these names. */
    private static final Bindable<Duration> SECONDS = Bindable.of(Duration.class)
            .withAnnotations(MergedAnnotation.of(DurationUnit.class, Map.of("value", ChronoUnit.SECONDS))
                    .synthesize());

    static HttpSessionTimeout of(Environment environment) {
        Binder binder = Binder.get(environment);
        Duration own = binder.bind(SPRING, SECONDS).orElse(null);
        HttpSessionTimeout found = own != null
                ? new HttpSessionTimeout(own, SPRING)
                : new HttpSessionTimeout(binder.bind(SERVLET, SECONDS).orElse(null), SERVLET);
        found.checkRange();
        return found;
    }

    private void checkRange() {
        if (timeout != null && (timeout.compareTo(Duration.ofSeconds(1)) < 0 || timeout.compareTo(LONGEST) > 0)) {
            throw Property.refused(
                    property, "every session of Forge ends: it must be from 1 second to 366 days, but was " + timeout);
        }
    }

    /** Stops the start if the sessions of the store do not last for as long as the property says. */
    void check(Duration idleTimeout) {
        if (timeout != null && !timeout.equals(idleTimeout)) {
            throw Property.refused(
                    property,
                    "must be " + idleTimeout + ", after which the SessionStore ends unused sessions, but was " + timeout
                            + ". Remove this property or forge.session.idle-timeout, or make them equal. A SessionStore"
                            + " bean of the application has its timeout from its SessionSettings.");
        }
    }
}
