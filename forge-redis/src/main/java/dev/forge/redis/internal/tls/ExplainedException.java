package dev.forge.redis.internal.tls;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Why a connection could not be made; its message is written for an operator, and shown unchanged. */
public final class ExplainedException extends IOException {

    private static final long serialVersionUID = 1;

    public ExplainedException(String message) {
        this(message, null);
    }

    public ExplainedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
