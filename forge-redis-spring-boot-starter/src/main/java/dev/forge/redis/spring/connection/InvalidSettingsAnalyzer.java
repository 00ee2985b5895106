package dev.forge.redis.spring.connection;

import dev.forge.redis.settings.InvalidSettingsException;
import java.util.stream.Collectors;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/** Explains invalid settings and says where they are set, without a stack trace. */
final class InvalidSettingsAnalyzer extends AbstractFailureAnalyzer<InvalidSettingsException> {

    private final SettingOrigins origins;

    InvalidSettingsAnalyzer(Environment environment) {
        this.origins = new SettingOrigins(environment);
    }

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidSettingsException cause) {
        return new FailureAnalysis(
                cause.problems().stream()
                        .map(problem -> "\n  - " + problem + origins.in(problem))
                        .collect(Collectors.joining("", "The Redis settings cannot be used:", "")),
                cause.problems().stream().anyMatch(problem -> problem.contains("REDIS_"))
                        ? "Correct them. Each variable REDIS_X_Y can also be set as the property forge.redis.x-y."
                        : "Correct them.",
                cause);
    }
}
