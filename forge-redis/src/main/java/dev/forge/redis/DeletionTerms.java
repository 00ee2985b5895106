package dev.forge.redis;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a deletion by pattern is done. */
record DeletionTerms(
        boolean dryRun,
        @Nullable Duration budget,
        @Nullable String resumePoint) {

    static final DeletionTerms PLAIN = new DeletionTerms(false, null, null);
}
