package dev.forge.redis.observe;

/**
 * The connections of one manager at one moment, as this process knows them; Redis was not asked.
 *
 * @param up whether the connection to the server (on a cluster, to every primary) is responsive, even if that server
 *     refuses writes; false before the first use and after {@code close()}
 * @param connections open connections for commands, to all servers; without those of the near cache and of the direct
 *     client
 * @param reconnects how often a lost or wrong connection to a server was replaced; only grows
 * @param inFlight commands that wait for a connection or for a reply
 * @param tracking whether Redis announces changes to near caches
 */
public record ConnectionStats(boolean up, int connections, long reconnects, int inFlight, TrackingState tracking) {

    /** Whether Redis announces changes of values that are kept in near caches. */
    public enum TrackingState {
        /** No near cache has asked for it yet. */
        UNUSED,
        /** Values in memory are served. */
        LIVE,
        /** For some or all keys no value in memory is served: a connection for invalidations is missing. */
        DEGRADED,
        /** It cannot work, for example for lack of a permission. */
        OFF
    }
}
