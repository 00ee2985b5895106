package dev.forge.redis.internal.lettuce;

import dev.forge.redis.failure.UnsupportedLibraryException;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.LettuceVersion;
import io.lettuce.core.MaintNotificationsConfig;
import java.lang.module.ModuleDescriptor;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The versions of Lettuce that Forge runs on, and how they differ. */
final class SupportedLettuce {

    private static final int OLDEST_MAJOR = 6;
    private static final int OLDEST_MINOR = 8;
    private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})([^/]*).*");
    private static final boolean HAS_NOTIFICATIONS = hasNotifications();

    private SupportedLettuce() {}

    /**
     * Does nothing if the version on the class path is new enough, or is not known.
     *
     * @throws UnsupportedLibraryException if it is too old
     */
    static void check() {
        check(version());
    }

    static void check(@Nullable String version) {
        Matcher parts = VERSION.matcher(version == null ? "" : version);
        if (!parts.matches()) {
            return;
        }
        int major = Integer.parseInt(parts.group(1));
        int minor = Integer.parseInt(parts.group(2));
        if (major < OLDEST_MAJOR || (major == OLDEST_MAJOR && minor < OLDEST_MINOR)) {
            throw new UnsupportedLibraryException("Lettuce (io.lettuce:lettuce-core) must be " + OLDEST_MAJOR + "."
                    + OLDEST_MINOR + " or later, but was " + major + "." + minor + parts.group(3));
        }
    }

    /** Returns the version that the jar states; on the module path, the version in its name. */
    private static @Nullable String version() {
        String stated = LettuceVersion.getVersion();
        return stated != null
                ? stated
                : Optional.ofNullable(LettuceVersion.class.getModule().getDescriptor())
                        .flatMap(ModuleDescriptor::rawVersion)
                        .orElse(null);
    }

    /** Turns off what Lettuce 7 does before a server is maintained; older versions have nothing to turn off. */
    static void disableMaintenanceNotifications(ClientOptions.Builder options) {
        if (HAS_NOTIFICATIONS) {
            Notifications.disable(options);
        }
    }

    private static boolean hasNotifications() {
        try {
            Class.forName("io.lettuce.core.MaintNotificationsConfig", false, SupportedLettuce.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** A class of its own, which is loaded only where Lettuce has the class that it names. */
    private static final class Notifications {

        static void disable(ClientOptions.Builder options) {
            options.maintNotificationsConfig(MaintNotificationsConfig.disabled());
        }
    }
}
