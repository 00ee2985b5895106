package dev.forge.redis.internal.tls;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Why a connection could not be made, in words for an operator that are shown as they are. */
public final class ExplainedException extends IOException {

    private static final long serialVersionUID = 1;

    public ExplainedException(String words) {
        this(words, null);
    }

    public ExplainedException(String words, @Nullable Throwable cause) {
        super(words, cause);
    }
}
