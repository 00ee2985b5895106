package dev.forge.cli.project;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** An optional part of a project. */
public enum Feature {
    /** The Redis library, and sample routes that use it. */
    REDIS("Redis", "Redis caching, rate limits, sessions and health, with the library inside the project"),
    /** Background tasks. */
    WORKER("Background tasks", "Background tasks: a queue in the service's own database, a worker role"),
    /** Container files. */
    DOCKER("Docker files", "Dockerfile and docker-compose.yml for the service and everything it needs");

    private final String label;
    private final String summary;

    Feature(String label, String summary) {
        this.label = label;
        this.summary = summary;
    }

    /** The name in options, in markers and in JSON. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The name for people. */
    public String label() {
        return label;
    }

    /** One line about what the feature adds to a project. */
    public String summary() {
        return summary;
    }

    static Optional<Feature> byId(String id) {
        return Arrays.stream(values())
                .filter(feature -> feature.id().equals(id))
                .findFirst();
    }
}
