package dev.forge.cli.project;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** An optional part of a project. */
public enum Feature {
    /** The Redis library, and sample routes that use it. */
    REDIS("Redis caching, rate limits, sessions and health, with the library inside the project"),
    /** Background tasks. */
    WORKER("Background tasks: a queue in the service's own database, a worker role, a dashboard"),
    /** Container files. */
    DOCKER("Dockerfile and docker-compose.yml for the service and everything it needs");

    private final String summary;

    Feature(String summary) {
        this.summary = summary;
    }

    /** The name in options, in markers and in JSON. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
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
