package dev.forge.redis.internal.deletion;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The options of a deletion by pattern. */
public record DeletionTerms(
        boolean dryRun, @Nullable Duration budget, @Nullable String resumePoint) {

    public static final DeletionTerms PLAIN = new DeletionTerms(false, null, null);
}
