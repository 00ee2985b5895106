package dev.forge.redis.spring.session;

import java.util.Optional;

/** Something inside a value has a type that cannot be stored. */
final class UnstorableTypeException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final Class<?> type;

    UnstorableTypeException(Class<?> type) {
        super("a " + type.getName() + " cannot be stored");
        this.type = type;
    }

    Class<?> type() {
        return type;
    }

    /** Returns the type that {@code failure} is about, if it is about one. */
    static Optional<Class<?>> in(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnstorableTypeException unstorable) {
                return Optional.of(unstorable.type());
            }
        }
        return Optional.empty();
    }
}
