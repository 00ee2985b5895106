package dev.forge.redis;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Why a connection could not be made, in words for an operator that are shown as they are. */
final class ExplainedException extends IOException {

    private static final long serialVersionUID = 1;

    ExplainedException(String words) {
        this(words, null);
    }

    ExplainedException(String words, @Nullable Throwable cause) {
        super(words, cause);
    }
}
