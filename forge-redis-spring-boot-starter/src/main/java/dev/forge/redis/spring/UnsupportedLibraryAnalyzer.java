package dev.forge.redis.spring;

import dev.forge.redis.failure.UnsupportedLibraryException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains that a library is too old, without a stack trace. */
final class UnsupportedLibraryAnalyzer extends AbstractFailureAnalyzer<UnsupportedLibraryException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UnsupportedLibraryException cause) {
        return new FailureAnalysis(
                String.valueOf(cause.getMessage()),
                "Remove its version from the build, so that Spring Boot 4 chooses it, or set a later one.",
                cause);
    }
}
