package dev.forge.redis.spring.connection;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.settings.RedisSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The application must not start without Redis, and Redis cannot be used. */
final class RequiredRedisException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final RedisFailure failure;
    private final String address;
    private final String source;
    private final String[] names;
    private final String property;

    /**
     * @param property the property that says that Redis is required
     * @param connection where the address comes from, or null if the application made the settings itself
     */
    RequiredRedisException(
            RedisFailure failure, RedisSettings settings, String property, @Nullable Connection connection) {
        super("Redis is required at the start: " + failure.text(), failure);
        this.failure = failure;
        this.address = settings.endpoint().toString();
        this.property = property;
        this.source = connection == null ? "the RedisSettings of the application" : connection.source();
        this.names = connection == null ? new String[0] : connection.names().toArray(String[]::new);
    }

    RedisFailure failure() {
        return failure;
    }

    String address() {
        return address;
    }

    /** Returns what says where Redis is. */
    String source() {
        return source;
    }

    /** Returns the properties and variables that are set for the connection. */
    List<String> names() {
        return List.of(names);
    }

    /** Returns the property that says that Redis is required. */
    String property() {
        return property;
    }
}
