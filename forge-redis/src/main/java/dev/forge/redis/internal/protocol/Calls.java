package dev.forge.redis.internal.protocol;

import dev.forge.redis.internal.observe.ObserverSlot;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes the calls of users, which an observer may watch; those of Forge itself are made without it. */
public final class Calls {

    private static final byte[][] NO_ARGUMENTS_YET = {};

    private Calls() {}

    /** Makes a call that the observer is notified of, if there is one. */
    public static <T> Call<T> of(
            Command command,
            byte[][] arguments,
            byte @Nullable [] key,
            Reply<T> reply,
            CallOwner owner,
            long startedAt,
            ObserverSlot observers) {
        return observers.isSet()
                ? new ObservedCall<>(command, arguments, key, reply, owner, startedAt, observers)
                : new Call<>(command, arguments, key, reply, owner, startedAt);
    }

    /**
     * Makes a call whose arguments are supplied only when it is sent, and that needs no key to find its node.
     *
     * @param late supplies the arguments, once, on the thread that sends them
     */
    public static <T> Call<T> late(
            Command command,
            Supplier<byte[][]> late,
            Reply<T> reply,
            CallOwner owner,
            long startedAt,
            ObserverSlot observers) {
        Call<T> call = of(command, NO_ARGUMENTS_YET, null, reply, owner, startedAt, observers);
        call.late = late;
        return call;
    }
}
