package dev.forge.redis.internal.connection;

import dev.forge.redis.health.Finding;
import dev.forge.redis.internal.protocol.ServerInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which versions of the server have holes that touch what Forge uses: scripts and patterns.
 *
 * <p>Of Valkey only the newest hole is listed: whatever has an older one has it too.
 */
public final class KnownServerBugs {

    private static final String LUA =
            "whoever may run a script can take over the server (the Lua engine uses memory that it has freed)";

    private static final List<Hole> REDIS = List.of(
            new Hole(
                    "CVE-2022-36021",
                    "a pattern for SCAN or KEYS can keep it busy for ever",
                    "6.0.18",
                    "6.2.11",
                    "7.0.9"),
            new Hole("CVE-2024-31228", "a long pattern for SCAN or KEYS can crash it", "6.2.16", "7.2.6", "7.4.1"),
            new Hole("CVE-2024-31449", "a script can write beyond its memory", "6.2.16", "7.2.6", "7.4.1"),
            new Hole("CVE-2024-46981", LUA, "6.2.17", "7.2.7", "7.4.2"),
            new Hole("CVE-2025-49844", LUA, "6.2.20", "7.2.11", "7.4.6", "8.0.4", "8.2.2"));

    private static final List<Hole> VALKEY = List.of(new Hole("CVE-2025-49844", LUA, "7.2.11", "8.0.6", "8.1.4"));

    // A full table of keys crashes the ones before (redis#11715), and those before 6.2 cannot say whether they track.
    private static final List<Version> TRACKING = List.of(Version.of("6.2.11"), Version.of("7.0.9"));

    private KnownServerBugs() {}

    private static boolean isKnown(ServerInfo server) {
        return server.version().matches("\\d{1,4}\\.\\d{1,4}\\.\\d{1,4}");
    }

    /** A hole, and the first version of each branch in which it is closed. Branches after the last never had it. */
    private record Hole(String name, String effect, List<Version> closed) {
        Hole(String name, String effect, String... closed) {
            this(name, effect, List.of(closed).stream().map(Version::of).toList());
        }

        boolean isIn(Version version) {
            for (Version fixed : closed) {
                if (fixed.isBranchOf(version)) {
                    return version.compareTo(fixed) < 0;
                }
            }
            // A branch without a release that closes it is no longer maintained, or is newer than all that are listed.
            return version.compareTo(closed.get(closed.size() - 1)) < 0;
        }
    }

    /** A version of a server, of three numbers. */
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

    /** Returns why the server cannot be relied on to tell of changes, if it cannot, by its version. */
    public static Optional<String> noTracking(ServerInfo server) {
        if (server.isValkey() || !isKnown(server)) {
            return Optional.empty();
        }
        Version version = Version.of(server.version());
        boolean sound = TRACKING.stream().anyMatch(first -> first.isBranchOf(version) && version.compareTo(first) >= 0)
                || version.compareTo(TRACKING.get(TRACKING.size() - 1)) >= 0;
        return sound
                ? Optional.empty()
                : Optional.of(
                        "Redis " + server.version()
                                + " cannot be relied on to tell of changes: CLIENT TRACKING is sound in 6.2 from 6.2.11, and from 7.0.9");
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
        List<Hole> open = new ArrayList<>(server.isValkey() ? VALKEY : REDIS);
        open.removeIf(hole -> !hole.isIn(version));
        if (open.isEmpty()) {
            return Optional.empty();
        }
        String name = server.isValkey() ? "Valkey" : "Redis";
        String fixed = open.get(open.size() - 1).closed().stream()
                .map(closed -> closed.major() + "." + closed.minor() + "." + closed.patch())
                .collect(Collectors.joining(", "));
        return Optional.of(new Finding(
                Finding.Code.KNOWN_HOLES,
                Finding.Severity.WARNING,
                name + " " + server.version() + " has known holes: "
                        + open.stream().map(Hole::name).collect(Collectors.joining(", ")) + ".",
                open.stream().map(hole -> hole.name() + ": " + hole.effect()).collect(Collectors.joining("; ")) + ".",
                "Upgrade to the newest release; the holes are closed in " + fixed + " and in later branches.\n"
                        + "A distribution may have closed them under the old number:\n"
                        + "apt changelog redis-server | grep CVE"));
    }
}
