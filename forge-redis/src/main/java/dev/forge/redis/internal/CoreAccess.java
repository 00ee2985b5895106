package dev.forge.redis.internal;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Gives features the core of a manager, because no exported signature may name it. */
public final class CoreAccess {

    private static volatile @Nullable Function<Object, RedisCore> access;

    private CoreAccess() {}

    /** Called once, by {@code RedisManager}. */
    public static <M> void grant(Class<M> type, Function<M, RedisCore> core) {
        access = manager -> core.apply(type.cast(manager));
    }

    /** Returns the core of {@code manager}, a {@code RedisManager}. */
    public static RedisCore coreOf(Object manager) {
        Function<Object, RedisCore> granted = access;
        if (granted == null) {
            throw new IllegalStateException("there is no RedisManager yet");
        }
        return granted.apply(manager);
    }
}
