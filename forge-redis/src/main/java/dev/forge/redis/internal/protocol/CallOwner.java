package dev.forge.redis.internal.protocol;

import dev.forge.redis.failure.RefusalReason;

/** The component that handles redirects and lost connections of a call. */
public interface CallOwner {

    /** No owner: the call ends with its first reply, or with its connection. */
    CallOwner NONE = new CallOwner() {
        @Override
        public String address() {
            return "";
        }

        @Override
        public boolean sentElsewhere(Call<?> call, RefusalReason reason, String error) {
            return false;
        }

        @Override
        public boolean sentAgain(Call<?> call, boolean hasNotRun) {
            return false;
        }
    };

    /** Returns the address to name in failures of a call that has no connection yet. */
    String address();

    /** Returns whether the call, which Redis refused, has been sent to another node and must not end. */
    boolean sentElsewhere(Call<?> call, RefusalReason reason, String error);

    /**
     * Returns whether the call, whose connection is gone, has been sent again and must not end.
     *
     * @param hasNotRun whether it is certain that it has not run
     */
    boolean sentAgain(Call<?> call, boolean hasNotRun);
}
