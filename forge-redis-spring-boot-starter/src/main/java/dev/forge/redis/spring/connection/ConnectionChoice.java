package dev.forge.redis.spring.connection;

import dev.forge.redis.settings.RedisLogin;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Chooses which Redis the manager connects to.
 *
 * <p>Address, login and TLS always come from the same source. A service connection comes first, then
 * {@code forge.redis.*} and {@code REDIS_*}, then {@code spring.data.redis.*}.
 */
final class ConnectionChoice {

    private static final Logger LOG = LoggerFactory.getLogger(ForgeRedisAutoConfiguration.class);
    private static final String DATA_REDIS_DETAILS =
            "org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails";

    private final BeanFactory beans;
    private final ForgeRedisProperties properties;
    private final Map<String, String> variables;
    private final SpringDataRedisProperties spring;

    ConnectionChoice(BeanFactory beans, ForgeRedisProperties properties, Environment environment) {
        this.beans = beans;
        this.properties = properties;
        this.variables = properties.variables(environment);
        this.spring = SpringDataRedisProperties.of(environment);
    }

    /** Returns the connection, complete with the settings that are not part of it. */
    Connection connection() {
        Optional<Connection> service = service();
        if (service.isEmpty() && (isSet(ForgeRedisProperties.URL) || !spring.areSet())) {
            return own();
        }
        Connection winner = service.orElseGet(() -> spring.connection(this::bundle));
        List<String> ignored = properties.namesOfConnection(variables);
        if (!ignored.isEmpty()) {
            LOG.warn("Ignored, because {} says where Redis is: {}", winner.source(), String.join(", ", ignored));
        }
        return completed(winner);
    }

    private Optional<Connection> service() {
        ForgeConnectionDetails details =
                beans.getBeanProvider(ForgeConnectionDetails.class).getIfAvailable();
        if (details != null) {
            return Optional.of(Connection.of(details));
        }
        return ClassUtils.isPresent(DATA_REDIS_DETAILS, null) ? DataRedisDetails.find(beans) : Optional.empty();
    }

    private Connection own() {
        return new Connection(
                isSet(ForgeRedisProperties.URL) ? properties.nameOf(ForgeRedisProperties.URL) : "the default",
                properties.namesOfConnection(variables),
                variables,
                RedisLogin.NONE,
                properties.bundle(this::bundle),
                text -> text.replace(Connection.BUNDLE, ForgeRedisProperties.property(Connection.BUNDLE)));
    }

    /** Adds Forge's other settings, and the wait that Spring's properties set. */
    private Connection completed(Connection winner) {
        Map<String, String> all = new TreeMap<>(variables);
        all.keySet().removeAll(ForgeRedisProperties.OF_CONNECTION);
        all.putAll(winner.variables());
        String wait = spring.longestWait();
        if (isSet(ForgeRedisProperties.TIMEOUT) || wait == null) {
            return winner.with(all, text -> text);
        }
        all.put(ForgeRedisProperties.TIMEOUT, wait);
        return winner.with(all, spring::wordedWait);
    }

    private Supplier<SslBundle> bundle(String name) {
        return Bundles.named(beans.getBean(SslBundles.class), name);
    }

    private boolean isSet(String variable) {
        @Nullable String text = variables.get(variable);
        return text != null && !text.isBlank();
    }
}
