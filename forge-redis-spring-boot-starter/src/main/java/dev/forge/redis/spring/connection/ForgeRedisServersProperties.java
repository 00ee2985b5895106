package dev.forge.redis.spring.connection;

import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.Environment;

/**
 * The properties {@code forge.redis.servers.*}.
 *
 * @param servers More Redis servers by name, each with the properties of forge.redis.
 */
@ConfigurationProperties("forge.redis")
record ForgeRedisServersProperties(@DefaultValue Map<String, ForgeRedisProperties> servers) {

    static ForgeRedisServersProperties of(Environment environment) {
        return Binder.get(environment).bindOrCreate("forge.redis", ForgeRedisServersProperties.class);
    }
}
