package dev.forge.redis.spring.connection;

import dev.forge.redis.settings.InvalidSettingsException;
import dev.forge.redis.settings.RedisLogin;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.springframework.boot.ssl.SslBundle;

/**
 * One of {@code forge.redis.servers.*}.
 *
 * <p>Address, login, TLS and {@code read-from} are its own. Anything else that it does not set is taken from {@code
 * forge.redis.*}.
 */
record NamedServer(String name, ForgeRedisProperties properties) {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");
    private static final Pattern VARIABLE = Pattern.compile("REDIS_[A-Z_]*[A-Z]");
    private static final String READ_FROM = "REDIS_READ_FROM";

    /** @throws InvalidSettingsException if the name is not one that can be written everywhere */
    NamedServer {
        if (!NAME.matcher(name).matches() || name.equals(RedisServers.DEFAULT)) {
            throw new InvalidSettingsException(List.of("the name of forge.redis.servers." + name
                    + " must begin with a lower-case letter, have only those, digits and hyphens, and not be "
                    + RedisServers.DEFAULT));
        }
    }

    /** Returns the name of the bean of a server's manager. */
    static String beanOf(String name) {
        return name + "RedisManager";
    }

    /** Returns the property of this server that sets the same as {@code variable}. */
    String property(String variable) {
        return ForgeRedisProperties.property("forge.redis.servers." + name + ".", variable);
    }

    /** Returns whether this is a server of its own; without an address it is the one of {@code forge.redis.*}. */
    boolean hasAddress() {
        String url = properties.connectionUrl();
        return url != null && !url.isBlank();
    }

    /** Returns the properties of this server that are part of a connection, and set. */
    List<String> namesOfConnection() {
        return properties.partsOfConnection(properties.texts()).stream()
                .map(this::property)
                .toList();
    }

    /** @param defaults the variables of the plain server; its connection is not used */
    Connection connection(Map<String, String> defaults, Function<String, Supplier<SslBundle>> bundles) {
        Map<String, String> own = properties.texts();
        Map<String, String> variables = new TreeMap<>(defaults);
        // The warning about names that are not settings is given once, for the plain server.
        variables.keySet().retainAll(properties.names());
        variables.keySet().removeAll(ForgeRedisProperties.OF_CONNECTION);
        variables.remove(READ_FROM);
        variables.putAll(own);
        return new Connection(
                property(ForgeRedisProperties.URL),
                namesOfConnection(),
                variables,
                RedisLogin.NONE,
                properties.bundle(bundles),
                text -> worded(text, own));
    }

    private String worded(String text, Map<String, String> own) {
        return VARIABLE.matcher(text).replaceAll(found -> {
            String variable = found.group();
            boolean isMine = own.containsKey(variable)
                    || ForgeRedisProperties.OF_CONNECTION.contains(variable)
                    || variable.equals(Connection.BUNDLE);
            return isMine ? property(variable) : variable;
        });
    }

    @Override
    public String toString() {
        return "forge.redis.servers." + name;
    }
}
