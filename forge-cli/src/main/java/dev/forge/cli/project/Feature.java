package dev.forge.cli.project;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A part of the template that a project may do without. */
public enum Feature {
    /** The Redis library, and the routes that show it. */
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

    /** One line about what the feature puts into a project. */
    public String summary() {
        return summary;
    }

    static Optional<Feature> byId(String id) {
        return Arrays.stream(values())
                .filter(feature -> feature.id().equals(id))
                .findFirst();
    }
}
