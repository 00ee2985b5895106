package dev.forge.redis.internal.deletion;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a deletion by pattern is done. */
public record DeletionTerms(
        boolean dryRun, @Nullable Duration budget, @Nullable String resumePoint) {

    public static final DeletionTerms PLAIN = new DeletionTerms(false, null, null);
}
