package dev.forge.redis.internal.protocol;

/** A node to which a call is addressed, whatever its key. */
public interface CallTarget {

    /** Sends {@code call}, or refuses it. */
    void dispatch(Call<?> call);

    /** Sends a read whose connection was lost, once there is another connection. */
    void dispatchAgain(Call<?> call);
}
