package dev.forge.redis.spring.connection;

import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.settings.RedisSettingsBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import dev.forge.redis.settings.RedisLogin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Chooses which Redis a manager connects to, and logs what has decided.
 *
 * <p>Address, login and TLS always come from the same source. A service connection comes first, then
 * {@code forge.redis.*} and {@code REDIS_*}, then {@code spring.data.redis.*}.
 */
final class ConnectionChoice {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionChoice.class);
    private static final String DATA_REDIS =
            "org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails";

    private final ListableBeanFactory beans;
    private final Environment environment;

    ConnectionChoice(ListableBeanFactory beans, Environment environment) {
        this.beans = beans;
        this.environment = environment;
    }

    /** Returns the settings of the unnamed manager. */
    RedisSettings settings(ForgeRedisProperties properties) {
        SpringDataRedisProperties spring = SpringDataRedisProperties.of(environment);
        Map<String, String> variables = properties.variables(environment);
        Connection own = own("", properties, variables);
        Connection chosen = service()
                .or(() -> variables.containsKey(ForgeRedisProperties.URL) || !spring.areSet()
                        ? Optional.of(own)
                        : Optional.of(spring.connection(bundles())));
        Map<String, String> others = new TreeMap<>(variables);
        others.keySet().removeAll(ForgeRedisProperties.OF_CONNECTION);
        if (chosen != own) {
            warnOfIgnored(chosen, ForgeRedisProperties.connectionNames(variables), properties.sslBundle());
            spring.longestWait().map(Duration::toMillis).ifPresent(millis -> others.putIfAbsent("REDIS_SOCKET_TIMEOUT", millis + "ms"));
        }
        return null;
    }
}
