package dev.forge.redis.spring.connection;

import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.settings.RedisSettingsBuilder;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
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
    private static final String DATA_REDIS_DETAILS =
            "org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails";
    private static final String SOCKET_TIMEOUT = "REDIS_SOCKET_TIMEOUT";

    private final BeanFactory beans;
    private final Environment environment;

    ConnectionChoice(BeanFactory beans, Environment environment) {
        this.beans = beans;
        this.environment = environment;
    }

    /** Returns the settings of the unnamed manager. */
    RedisSettings settings(ForgeRedisProperties properties) {
        Map<String, String> variables = properties.variables(environment);
        SpringDataRedisProperties spring = SpringDataRedisProperties.of(environment);
        boolean springDecides = !isSet(variables.get(ForgeRedisProperties.URL)) && spring.areSet();
        Optional<Connection> elsewhere =
                service().or(() -> springDecides ? Optional.of(spring.connection(this::bundle)) : Optional.empty());
        Map<String, String> others = new TreeMap<>(variables);
        others.keySet().removeAll(ForgeRedisProperties.OF_CONNECTION);
        elsewhere.ifPresent(connection -> {
            warnOfIgnored(connection, variables, properties.sslBundle());
            spring.longestWait().ifPresent(wait -> {
                if (!isSet(others.get(SOCKET_TIMEOUT))) {
                    others.put(SOCKET_TIMEOUT, wait.toMillis() + "ms");
                }
            });
        });
        Connection connection = elsewhere.orElseGet(() -> own(
                "forge.redis.* or REDIS_*",
                variables,
                properties.sslBundle(),
                text -> text.replace("REDIS_SSL_BUNDLE", "forge.redis.ssl-bundle")));
        RedisSettingsBuilder settings = connection.settings(others);
        customizers().forEach(customizer -> customizer.customize(settings));
        return built(settings, connection);
    }

    private static RedisSettings built(RedisSettingsBuilder settings, Connection connection) {
        RedisSettings built = settings.build();
        LOG.info("Redis is at {}, as {} says", built.endpoint(), connection.source());
        return built;
    }

    private Connection own(
            String source, Map<String, String> variables, @Nullable String bundle, UnaryOperator<String> wording) {
        Map<String, String> connection = new TreeMap<>(variables);
        connection.keySet().retainAll(ForgeRedisProperties.OF_CONNECTION);
        Supplier<SslBundle> bundles = isSet(bundle) ? bundle(String.valueOf(bundle)) : null;
        return new Connection(source, connection, bundles, wording);
    }

    private Optional<Connection> service() {
        ForgeConnectionDetails details =
                beans.getBeanProvider(ForgeConnectionDetails.class).getIfAvailable();
        if (details != null) {
            return Optional.of(Connection.of(details));
        }
        return ClassUtils.isPresent(DATA_REDIS_DETAILS, null) ? DataRedisDetails.find(beans) : Optional.empty();
    }

    private Iterable<RedisSettingsCustomizer> customizers() {
        return () -> beans.getBeanProvider(RedisSettingsCustomizer.class)
                .orderedStream()
                .iterator();
    }

    private Supplier<SslBundle> bundle(String name) {
        return Bundles.named(beans.getBean(SslBundles.class), name);
    }

    private static void warnOfIgnored(Connection winner, Map<String, String> variables, @Nullable String sslBundle) {
        Set<String> ignored = new TreeSet<>();
        variables.forEach((name, value) -> {
            if (ForgeRedisProperties.OF_CONNECTION.contains(name) && isSet(value)) {
                ignored.add(ForgeRedisProperties.property("forge.redis.", name) + " (or " + name + ")");
            }
        });
        if (isSet(sslBundle)) {
            ignored.add("forge.redis.ssl-bundle");
        }
        if (!ignored.isEmpty()) {
            LOG.warn("Ignored, because {} says where Redis is: {}", winner.source(), String.join(", ", ignored));
        }
    }

    private static boolean isSet(@Nullable String text) {
        return text != null && !text.isBlank();
    }
}
