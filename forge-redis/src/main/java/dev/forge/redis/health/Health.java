package dev.forge.redis.health;

import java.time.Duration;

/**
 * Whether Redis can be read and written by this application, as the server itself says.
 *
 * <p>{@link dev.forge.redis.RedisManager#healthSync()} returns it. The server is asked for a read, and for a write that
 * it refuses if it accepts no writes, and that otherwise has no effect. The key of that write, {@code forge:health}
 * after the prefix of the settings, is reserved: nothing may be stored there. Only one probe is under way at a time,
 * however many callers there are, and its result is reused for a second. So a change is seen within two seconds.
 */
public sealed interface Health {

    /** Redis can be read and written. */
    record Up(Details details) implements Health {}

    /** Redis can be read, but takes no writes. */
    record ReadOnly(Reason reason, Details details) implements Health {}

    /**
     * Redis cannot be used.
     *
     * @param reason a fixed code
     * @param message what happened, for the log of an operator; it names the address, but no secret
     */
    record Down(Reason reason, String message) implements Health {}

    /**
     * What Redis reports about itself. Without the permission for {@code INFO} a value is {@code unknown} or -1.
     *
     * @param latency how long the whole probe took
     * @param mode {@code standalone}, {@code sentinel} or {@code cluster}
     * @param role {@code master} or {@code slave}, as Redis calls it
     * @param version the version of the server
     * @param usedMemory bytes in use
     * @param maxMemory bytes that may be used, 0 for no limit
     * @param evictionPolicy what is removed when memory is full, as Redis calls it
     * @param tracking whether Redis sends invalidations to near caches: {@code live}, {@code degraded} or
     *     {@code off} with the reason after a colon, or {@code unused}
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
         * No connection could be made, or it was lost. Check that the server runs, and that the address, the port and
         * the firewalls in between are right. Forge reconnects by itself once the server is back.
         */
        UNREACHABLE,
        /**
         * There is a connection, but no reply in time. The server is frozen, overloaded, or busy with one long command:
         * {@code SLOWLOG GET} shows which. If the server is fine, check the network.
         */
        NO_ANSWER,
        /**
         * The user name or password is missing or wrong, or the user was deleted or disabled. Put the right ones into
         * {@code REDIS_USERNAME} and {@code REDIS_PASSWORD}, or into the password file, which is read at each connect.
         */
        AUTHENTICATION,
        /**
         * The user may not do what Forge needs: {@code ACL LOG} shows what was refused. Grant the permissions in
         * docs/acl.md.
         */
        NOT_PERMITTED,
        /** The client limit is reached. See {@code CLIENT LIST} for who opened so many, or raise {@code maxclients}. */
        TOO_MANY_CLIENTS,
        /**
         * The server has just started and is still reading its data. Wait; {@code INFO persistence} shows the progress.
         */
        LOADING,
        /** A script has been running for too long. Stop it with {@code SCRIPT KILL}, and find out whose it is. */
        BUSY,
        /**
         * Some slots of the cluster have no node. {@code CLUSTER INFO} and {@code CLUSTER NODES} show which node
         * failed.
         */
        NOT_SERVED,
        /** The server is a replica without its primary and serves no stale data. Restore the primary, or promote it. */
        PRIMARY_LOST,
        /**
         * Memory is full and nothing may be evicted. Raise {@code maxmemory}, or, if all data is a cache, choose a
         * {@code maxmemory-policy} that evicts. Deleting still works.
         */
        OUT_OF_MEMORY,
        /**
         * The server is a replica. Connect to its primary; after a failover, to the new one. A single address must be
         * changed by its operator; with Sentinel or a cluster Forge finds the primary itself.
         */
        REPLICA,
        /**
         * The primary takes writes only with enough replicas ({@code min-replicas-to-write}), and too few are
         * connected. Bring them back; {@code INFO replication} lists the connected ones.
         */
        TOO_FEW_REPLICAS,
        /**
         * The server cannot write its data to disk. Its log says why: most often the disk is full, or there is too
         * little memory to fork. Reads still work.
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
