package dev.forge.redis.spring.connection;

import dev.forge.redis.settings.InvalidSettingsException;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A property whose value is refused: the start fails with its name, the rule, and where it is set. */
public final class Property {

    private static final Pattern PLAIN = Pattern.compile("[a-z0-9-]+");

    private Property() {}

    /**
     * Returns {@code value}, which is made from the property {@code name}.
     *
     * @throws InvalidSettingsException if making it fails with an {@link IllegalArgumentException}
     */
    public static <T> T checked(String name, Supplier<T> value) {
        try {
            return value.get();
        } catch (InvalidSettingsException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            InvalidSettingsException refused = refused(name, e.getMessage());
            refused.initCause(e);
            throw refused;
        }
    }

    /**
     * Returns {@code value}, the value of the property {@code name}.
     *
     * @throws InvalidSettingsException if it is null
     */
    public static <T> T required(String name, @Nullable T value) {
        if (value == null) {
            throw new InvalidSettingsException(List.of(name + " must be set"));
        }
        return value;
    }

    /** Returns the name of the property for {@code key} in the map {@code name}. */
    public static String ofEntry(String name, String key) {
        // Boot keeps only some of the other characters in a key without brackets.
        return PLAIN.matcher(key).matches() ? name + "." + key : name + "[" + key + "]";
    }

    /** Returns the failure of the property {@code name}, whose value {@code rule} refuses. */
    public static InvalidSettingsException refused(String name, @Nullable String rule) {
        return new InvalidSettingsException(List.of(name + ": " + rule));
    }
}
