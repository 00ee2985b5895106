package dev.forge.redis.health;

import java.time.Duration;

/**
 * How Redis is, as far as this application can use it, by the word of the server: a read and a write were asked for.
 *
 * <p>{@link dev.forge.redis.RedisManager#health()} tells.
 */
public sealed interface Health {

    /** Redis answers, and takes writes. */
    record Up(Details details) implements Health {}

    /** Redis answers and can be read, but takes no writes. */
    record ReadOnly(Reason reason, Details details) implements Health {}

    /**
     * Redis cannot be used.
     *
     * @param reason a fixed code
     * @param message what happened, for the log of an operator; it names the address, but no secret
     */
    record Down(Reason reason, String message) implements Health {}

    /**
     * What Redis says of itself. What the user may not see (the right to {@code INFO} is missing) is {@code unknown} or -1.
     *
     * @param latency how long it took to answer everything
     * @param mode {@code standalone}, {@code sentinel} or {@code cluster}
     * @param role {@code master} or {@code slave}, in the words of Redis
     * @param version the version of the server
     * @param usedMemory bytes in use
     * @param maxMemory bytes that may be used, 0 for no limit
     * @param evictionPolicy what is removed when memory is full, in the words of Redis
     * @param tracking whether Redis tells of changes to what near caches hold: {@code live}, {@code degraded} or {@code off} with
     *     the reason behind a colon, or {@code unused}
     */
    record Details(
            Duration latency,
            String mode,
            String role,
            String version,
            long usedMemory,
            long maxMemory,
            String evictionPolicy,
            String tracking) {

        public Details withTracking(String state) {
            return new Details(latency, mode, role, version, usedMemory, maxMemory, evictionPolicy, state);
        }
    }

    /** Why Redis is not up, and what to do about it. */
    enum Reason {
        /**
         * No connection could be made, or it was lost. See whether the server runs, and whether the address, the port and the
         * firewalls between are right; a server that is started again is found without help.
         */
        UNREACHABLE,
        /**
         * There is a connection, but no answer in time. The server is frozen, overloaded, or busy with one long command:
         * {@code SLOWLOG GET} shows which. If it is fine, look at the network.
         */
        NO_ANSWER,
        /**
         * The user name or password is missing or wrong, or the user is gone or switched off. Put the right ones into
         * {@code REDIS_USERNAME} and {@code REDIS_PASSWORD}, or into the password file, which is read at each connect.
         */
        AUTHENTICATION,
        /** The user may not do what Forge needs: {@code ACL LOG} shows what was refused. Give it the rights of docs/acl.md. */
        NOT_PERMITTED,
        /** The server has as many clients as it takes. Find who has opened them ({@code CLIENT LIST}), or raise {@code maxclients}. */
        TOO_MANY_CLIENTS,
        /** The server has just started and is still reading its data. Wait; {@code INFO persistence} says how far it is. */
        LOADING,
        /** A script has been running for too long. End it with {@code SCRIPT KILL}, and find out whose it is. */
        BUSY,
        /** A part of the cluster is not served. {@code CLUSTER INFO} and {@code CLUSTER NODES} show which node has failed. */
        NOT_SERVED,
        /** The server is a replica, its primary is gone, and it does not serve old data. Bring the primary back, or promote it. */
        PRIMARY_LOST,
        /**
         * Memory is full and nothing may be evicted. Raise {@code maxmemory}, or choose a {@code maxmemory-policy} that
         * evicts if all of this is a cache; deleting still works.
         */
        OUT_OF_MEMORY,
        /**
         * The server is a replica. Connect to its primary; after a failover, to the new one. With a single address this
         * is for whoever sets it; with Sentinel or a cluster Forge finds the primary itself.
         */
        REPLICA,
        /**
         * The server is a primary that takes writes only while enough replicas follow ({@code min-replicas-to-write}), and too
         * few do. Bring them back; {@code INFO replication} lists those that are there.
         */
        TOO_FEW_REPLICAS,
        /**
         * The server cannot write its data to disk. Its log says why: most often the disk is full, or memory is too short to
         * fork. Reads go on meanwhile.
         */
        CANNOT_PERSIST,
        /** The manager has been closed. */
        CLOSED,
        /** Anything else; the log has the text. */
        OTHER
    }

    /** Returns whether values can be read. */
    default boolean isReadable() {
        return !(this instanceof Down);
    }
}
