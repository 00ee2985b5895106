package dev.forge.redis.spring.connection;

import dev.forge.redis.settings.InvalidSettingsException;
import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import dev.forge.redis.settings.RedisLogin;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Cluster;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Node;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Sentinel;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Standalone;
import org.springframework.boot.ssl.SslBundle;

/** The connection of a service that Boot knows: from Docker Compose, Testcontainers or the application. */
final class DataRedisDetails {

    /** Boot makes one of these from {@code spring.data.redis.*} if no service is there. */
    private static final String OF_PROPERTIES = "PropertiesDataRedisConnectionDetails";

    private DataRedisDetails() {}

    /** Returns the connection of the bean, unless it was made from properties. */
    static Optional<Connection> find(BeanFactory beans) {
        DataRedisConnectionDetails details =
                beans.getBeanProvider(DataRedisConnectionDetails.class).getIfAvailable();
        return details == null || details.getClass().getSimpleName().equals(OF_PROPERTIES)
                ? Optional.empty()
                : Optional.of(connection(details));
    }

    private static Connection connection(DataRedisConnectionDetails details) {
        boolean tls = details.getSslBundle() != null;
        Map<String, String> variables = new TreeMap<>();
        variables.put(ForgeRedisProperties.URL, url(details, tls));
        Connection.putLogin(variables, details.getUsername(), details.getPassword());
        Supplier<SslBundle> bundle = tls ? () -> Objects.requireNonNull(details.getSslBundle()) : null;
        return new Connection(
                Connection.service(details),
                List.of(),
                variables,
                RedisLogin.NONE,
                bundle,
                Connection.wordingOf(details));
    }

    private static String url(DataRedisConnectionDetails details, boolean tls) {
        Sentinel sentinel = details.getSentinel();
        if (sentinel != null) {
            requireSameLogin(sentinel, details);
            return Urls.sentinels(tls, addresses(sentinel.getNodes()), sentinel.getDatabase(), sentinel.getMaster());
        }
        Cluster cluster = details.getCluster();
        if (cluster != null) {
            return Urls.cluster(tls, addresses(cluster.getNodes()));
        }
        Standalone standalone = details.getStandalone();
        if (standalone == null) {
            throw new InvalidSettingsException(
                    List.of(Connection.service(details) + " must have a server, Sentinels or a cluster"));
        }
        return Urls.node(tls, standalone.getHost(), standalone.getPort(), standalone.getDatabase());
    }

    private static void requireSameLogin(Sentinel sentinel, DataRedisConnectionDetails details) {
        boolean ownLogin = sentinel.getUsername() != null || sentinel.getPassword() != null;
        if (ownLogin
                && (!Objects.equals(sentinel.getUsername(), details.getUsername())
                        || !Objects.equals(sentinel.getPassword(), details.getPassword()))) {
            throw new InvalidSettingsException(
                    List.of(Connection.service(details) + " must have the same login for Sentinels as for Redis"));
        }
    }

    private static List<String> addresses(List<Node> nodes) {
        return nodes.stream()
                .map(node -> new HostAndPort(node.host(), node.port()).toString())
                .toList();
    }
}
