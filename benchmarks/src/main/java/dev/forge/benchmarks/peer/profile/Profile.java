package dev.forge.benchmarks.peer.profile;

import java.io.Serializable;
import java.util.List;
import java.util.Map;

/** The cached object: about a kilobyte as JSON. */
public record Profile(
        long id, String name, String email, String about, List<String> groups, Map<String, String> settings, long seen)
        implements Serializable {

    /** Returns the profile of {@code id}. */
    public static Profile of(long id) {
        return new Profile(
                id,
                "Ada Lovelace " + id,
                "ada." + id + "@example.com",
                "Notes on the analytical engine. ".repeat(20),
                List.of("mathematicians", "engineers", "translators", "readers"),
                Map.of("theme", "dark", "language", "en-GB", "zone", "Europe/London", "density", "compact"),
                1_760_000_000_000L + id);
    }
}
