package dev.forge.redis.test;

/**
 * A state in which a server runs and refuses commands, named after the error that it answers with.
 *
 * <p>{@link EmbeddedRedis.Builder#state} starts a server in one, {@link EmbeddedRedis#enter} puts a running one
 * into it, and {@link EmbeddedRedis#recover} takes it out again. All of them are produced by the server itself, by
 * the means named below, and are in force when the call returns.
 */
public enum ServerState {
    /**
     * It has been started again and reads its data, for a minute and more or until it recovers: nearly everything is
     * refused, PING too. The data are those from before; connections are lost. Not with the option {@code
     * appendonly}.
     */
    LOADING,

    /** It could not save its data: writes are refused, and PING is; reads work. */
    MISCONF,

    /** Its memory is full, and nothing may be evicted: what needs memory is refused; reads and DEL work. */
    OOM,

    /** It is the replica of a server that is not there: writes are refused; reads work, PING too. */
    READONLY,

    /** It lacks the replica that it needs for a write: writes are refused; reads work, PING too. */
    NOREPLICAS,

    /**
     * It is the replica of a server that is not there, and may not answer with what it still has: reads are refused
     * for that, and writes with READONLY.
     */
    MASTERDOWN,

    /**
     * It is a cluster of one that lacks a hash slot: reads and writes are refused, PING works. Needs a server that
     * has the option {@code cluster-enabled}, which the builder sets itself; one without slots is given them.
     */
    CLUSTERDOWN,

    /** A script runs that does not end: everything is refused, PING too. Takes one core until it recovers. */
    BUSY,

    /** It requires a password that nobody knows. Connections are lost, and new ones are refused every command. */
    NOAUTH
}
