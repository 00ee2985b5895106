package dev.forge.redis;

/** A node that a call was meant for, whatever its key. */
interface CallTarget {

    /** Sends {@code call}, or refuses it. */
    void dispatch(Call<?> call);

    /** Sends a read whose connection was lost, once there is another. */
    void dispatchAgain(Call<?> call);
}
