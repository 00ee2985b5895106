package dev.forge.redis.internal.protocol;

/** A node that a call was meant for, whatever its key. */
public interface CallTarget {

    /** Sends {@code call}, or refuses it. */
    void dispatch(Call<?> call);

    /** Sends a read whose connection was lost, once there is another. */
    void dispatchAgain(Call<?> call);
}
