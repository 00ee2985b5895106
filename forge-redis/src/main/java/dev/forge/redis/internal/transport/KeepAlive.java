package dev.forge.redis.internal.transport;

/** How soon TCP notices that a peer is gone, on Forge's connections and on that of the direct client. */
public final class KeepAlive {

    public static final int IDLE_SECONDS = 5;
    public static final int INTERVAL_SECONDS = 1;
    public static final int PROBES = 3;

    private KeepAlive() {}
}
