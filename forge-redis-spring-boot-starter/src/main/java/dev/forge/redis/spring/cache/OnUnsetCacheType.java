package dev.forge.redis.spring.cache;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/** Matches unless {@code spring.cache.type} names a cache provider of Spring Boot, or none. */
final class OnUnsetCacheType extends SpringBootCondition {

    private static final String TYPE = "spring.cache.type";

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        String type = context.getEnvironment().getProperty(TYPE);
        ConditionMessage.Builder message = ConditionMessage.forCondition("Forge cache manager");
        return !StringUtils.hasText(type)
                ? ConditionOutcome.match(message.because(TYPE + " is not set"))
                : ConditionOutcome.noMatch(message.because(TYPE + " is " + type));
    }
}
