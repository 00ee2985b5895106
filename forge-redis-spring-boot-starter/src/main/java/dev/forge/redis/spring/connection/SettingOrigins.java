package dev.forge.redis.spring.connection;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;

/** Where properties and variables are set: the file and its line, or the environment. Values are never shown. */
final class SettingOrigins {

    private static final Pattern NAME =
            Pattern.compile("REDIS_[A-Z_]*[A-Z]|(?:forge|spring|server)\\.[a-z][\\w.:\\[\\]-]*[\\w\\]]");

    private final Environment environment;

    SettingOrigins(Environment environment) {
        this.environment = environment;
    }

    /** Returns a line for each setting that is named in {@code text}, or whose property is, and that is set. */
    String in(String text) {
        return lines(NAME.matcher(text)
                .results()
                .map(MatchResult::group)
                .flatMap(name -> name.startsWith("REDIS_")
                        ? Stream.of(ForgeRedisProperties.property(name), name)
                        : Stream.of(name)));
    }

    /** Returns a line for each of {@code names} that is set. */
    String of(Collection<String> names) {
        return lines(names.stream());
    }

    private String lines(Stream<String> names) {
        Set<String> each = names.collect(Collectors.toCollection(LinkedHashSet::new));
        return each.stream().map(this::line).filter(Objects::nonNull).collect(Collectors.joining());
    }

    private @Nullable String line(String name) {
        String origin = name.startsWith("REDIS_") ? ofVariable(name) : ofProperty(name);
        return origin == null ? null : "\n        " + name + " is set in " + origin;
    }

    private @Nullable String ofProperty(String name) {
        if (!ConfigurationPropertyName.isValid(name)) {
            return null;
        }
        // Letters of both cases are kept in a key with and without brackets.
        String withoutBrackets = name.replace('[', '.').replace("]", "");
        for (ConfigurationPropertyName property : List.of(
                ConfigurationPropertyName.of(name),
                ConfigurationPropertyName.of(name + "[0]"),
                ConfigurationPropertyName.adapt(withoutBrackets, '.'))) {
            for (var source : ConfigurationPropertySources.get(environment)) {
                ConfigurationProperty value = source.getConfigurationProperty(property);
                if (value != null) {
                    Origin origin = value.getOrigin();
                    return origin != null ? origin.toString() : String.valueOf(source.getUnderlyingSource());
                }
            }
        }
        return null;
    }

    private @Nullable String ofVariable(String name) {
        if (environment instanceof ConfigurableEnvironment configurable) {
            for (PropertySource<?> source : configurable.getPropertySources()) {
                if (!ConfigurationPropertySources.isAttachedConfigurationPropertySource(source)
                        && source.containsProperty(name)) {
                    Origin origin = OriginLookup.getOrigin(source, name);
                    return origin != null ? origin.toString() : source.getName();
                }
            }
        }
        return null;
    }
}
