package dev.forge.redis.test;

/**
 * A state in which a server runs and refuses commands, named after the error that it answers with.
 *
 * <p>{@link EmbeddedRedis.Builder#state} starts a server in a state, {@link EmbeddedRedis#enter} puts a running server
 * into it, and {@link EmbeddedRedis#recover} ends it. The server itself produces each state, by the means named below,
 * and it is in force when the call returns.
 */
public enum ServerState {
    /**
     * It has been restarted and loads its data, for a minute and more or until it recovers: nearly everything is
     * refused, PING too. The data are the same as before; connections are lost. Not with the option {@code
     * appendonly}.
     */
    LOADING,

    /** It could not save its data: writes and PING are refused; reads work. */
    MISCONF,

    /** Its memory is full, and nothing may be evicted: commands that need memory are refused; reads and DEL work. */
    OOM,

    /** It is the replica of a server that does not exist: writes are refused; reads and PING work. */
    READONLY,

    /** It lacks the replica that it needs for a write: writes are refused; reads and PING work. */
    NOREPLICAS,

    /**
     * It is the replica of a server that does not exist, and may not serve stale data: reads are refused for that
     * reason, and writes with READONLY.
     */
    MASTERDOWN,

    /**
     * It is a cluster of one node that lacks a hash slot: reads and writes are refused, PING works. Needs the option
     * {@code cluster-enabled}, which the builder sets itself; a server without slots gets them.
     */
    CLUSTERDOWN,

    /** An endless script runs: everything is refused, PING too. Uses one core until it recovers. */
    BUSY,

    /** It requires an unknown password. Connections are lost, and every command on new ones is refused. */
    NOAUTH
}
