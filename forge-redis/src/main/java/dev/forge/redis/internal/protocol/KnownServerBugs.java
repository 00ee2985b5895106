package dev.forge.redis.internal.protocol;

import dev.forge.redis.health.Finding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Known vulnerabilities of Redis and Valkey in features that Forge uses: scripts and patterns.
 *
 * <p>For Valkey only the two newest are listed: every version with an older one also has the newest.
 */
public final class KnownServerBugs {

    private static final String LUA =
            "any client that may run a script can take over the server (use after free in the Lua engine)";

    private static final List<Bug> REDIS = List.of(
            new Bug(
                    "CVE-2022-36021",
                    "a pattern for SCAN or KEYS can make the server hang",
                    "6.0.18",
                    "6.2.11",
                    "7.0.9"),
            new Bug(
                    "CVE-2024-31228",
                    "a long pattern for SCAN or KEYS can crash the server",
                    "6.2.16",
                    "7.2.6",
                    "7.4.1"),
            new Bug("CVE-2024-31449", "a script can write past the end of a buffer", "6.2.16", "7.2.6", "7.4.1"),
            new Bug("CVE-2024-46981", LUA, "6.2.17", "7.2.7", "7.4.2"),
            new Bug("CVE-2025-49844", LUA, "6.2.20", "7.2.11", "7.4.6", "8.0.4", "8.2.2"));

    private static final List<Bug> VALKEY = List.of(
            new Bug("CVE-2025-49844", LUA, "7.2.11", "8.0.6", "8.1.4"),
            // 8.0.8 was withdrawn.
            new Bug(
                    "CVE-2026-23631",
                    "a script that runs while the server copies its primary can read and write freed memory",
                    "7.2.13",
                    "8.0.9",
                    "8.1.7",
                    "9.0.4"));

    // Older versions crash when their tracking table is full (redis#11715); those before 6.2 lack CLIENT TRACKINGINFO.
    private static final List<Version> TRACKING = List.of(Version.of("6.2.11"), Version.of("7.0.9"));

    private KnownServerBugs() {}

    private static boolean isKnown(ServerInfo server) {
        return server.version().matches("\\d{1,4}\\.\\d{1,4}\\.\\d{1,4}");
    }

    /** A vulnerability, and the first version of each branch that fixes it. Branches after the last never had it. */
    private record Bug(String name, String effect, List<Version> closed) {
        Bug(String name, String effect, String... closed) {
            this(name, effect, List.of(closed).stream().map(Version::of).toList());
        }

        boolean isIn(Version version) {
            for (Version fixed : closed) {
                if (fixed.isBranchOf(version)) {
                    return version.compareTo(fixed) < 0;
                }
            }
            // A branch that is not listed is either no longer maintained, or newer than all that are listed.
            return version.compareTo(closed.get(closed.size() - 1)) < 0;
        }
    }

    /** A version of a server: three numbers. */
    record Version(int major, int minor, int patch) implements Comparable<Version> {
        static Version of(String text) {
            String[] numbers = text.split("\\.", 3);
            return new Version(
                    Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]), Integer.parseInt(numbers[2]));
        }

        boolean isBranchOf(Version other) {
            return major == other.major && minor == other.minor;
        }

        @Override
        public int compareTo(Version other) {
            return Comparator.comparingInt(Version::major)
                    .thenComparingInt(Version::minor)
                    .thenComparingInt(Version::patch)
                    .compare(this, other);
        }
    }

    /** Returns why the invalidations of this version of the server are not reliable, or empty if they are. */
    public static Optional<String> noTracking(ServerInfo server) {
        if (server.isValkey() || !isKnown(server)) {
            return Optional.empty();
        }
        Version version = Version.of(server.version());
        boolean sound = TRACKING.stream().anyMatch(first -> first.isBranchOf(version) && version.compareTo(first) >= 0)
                || version.compareTo(TRACKING.get(TRACKING.size() - 1)) >= 0;
        return sound
                ? Optional.empty()
                : Optional.of("Redis " + server.version()
                        + " does not send invalidations reliably: CLIENT TRACKING is sound in 6.2"
                        + " from 6.2.11, and from 7.0.9");
    }

    public static Optional<Finding> tracking(ServerInfo server) {
        return noTracking(server)
                .map(reason -> new Finding(
                        Finding.Code.NO_TRACKING,
                        Finding.Severity.NOTE,
                        reason + ".",
                        "Values are not kept in the application's own memory.",
                        "Upgrade to the newest release if you want that."));
    }

    public static Optional<Finding> in(ServerInfo server) {
        if (!isKnown(server)) {
            return Optional.empty();
        }
        Version version = Version.of(server.version());
        List<Bug> open = new ArrayList<>(server.isValkey() ? VALKEY : REDIS);
        open.removeIf(bug -> !bug.isIn(version));
        if (open.isEmpty()) {
            return Optional.empty();
        }
        String name = server.isValkey() ? "Valkey" : "Redis";
        String fixed = open.get(open.size() - 1).closed().stream()
                .map(closed -> closed.major() + "." + closed.minor() + "." + closed.patch())
                .collect(Collectors.joining(", "));
        return Optional.of(new Finding(
                Finding.Code.KNOWN_VULNERABILITIES,
                Finding.Severity.WARNING,
                name + " " + server.version() + " has known vulnerabilities: "
                        + open.stream().map(Bug::name).collect(Collectors.joining(", ")) + ".",
                open.stream().map(bug -> bug.name() + ": " + bug.effect()).collect(Collectors.joining("; ")) + ".",
                "Upgrade to the newest release; the fixes are in " + fixed + " and in later branches.\n"
                        + "A distribution may have backported them without a new version number:\n"
                        + "apt changelog redis-server | grep CVE"));
    }
}
