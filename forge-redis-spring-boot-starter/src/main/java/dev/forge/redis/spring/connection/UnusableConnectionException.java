package dev.forge.redis.spring.connection;

import java.util.List;

/** Settings from which no connection can be made; the message lists every problem, without any secret. */
final class UnusableConnectionException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    UnusableConnectionException(List<String> problems) {
        super("The Redis settings cannot be used:\n  - " + String.join("\n  - ", problems));
    }
}
