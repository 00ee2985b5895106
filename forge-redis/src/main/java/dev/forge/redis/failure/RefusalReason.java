package dev.forge.redis.failure;

import java.util.regex.Pattern;

/**
 * Why Redis refused a command: the first word of its error, as the manual of Redis names it.
 */
public enum RefusalReason {
    /** Memory is full and nothing may be evicted; reads and deletions still work. */
    OOM,
    /** The server is a replica, and takes no writes. */
    READONLY,
    /** The server wants a password and none was given. */
    NOAUTH,
    /** The user name or the password is wrong, or the user is disabled. */
    WRONGPASS,
    /** The user may not run this command or touch this key. */
    NOPERM,
    /** The key holds another type of value. */
    WRONGTYPE,
    /** The server has just started and is still reading its data. */
    LOADING,
    /** A script or function has been running for too long. */
    BUSY,
    /** The server cannot write its data to disk and therefore takes no writes. */
    MISCONF,
    /** Too few replicas are connected for a write. */
    NOREPLICAS,
    /** The server is a replica that has lost its primary. */
    MASTERDOWN,
    /** Some slots of the cluster are served by no node. */
    CLUSTERDOWN,
    /** The slot of the key is served by another node. */
    MOVED,
    /** The slot of the key is being moved to another node. */
    ASK,
    /** Some of the keys are being moved to another node. */
    TRYAGAIN,
    /** The keys are in different slots. */
    CROSSSLOT,
    /** The server does not know the script. */
    NOSCRIPT,
    /** The server has reached its limit of clients. */
    MAXCLIENTS,
    /** Any other error; the message of the exception holds its text. */
    OTHER;

    // Before version 7, Redis puts its own text before the error of a command within a script.
    private static final Pattern WITHIN_SCRIPT =
            Pattern.compile("^ERR Error running script .*?(?:@user_script:\\s*\\d+: )+-?");

    // From version 7 on after ERR, and with another text from 7.2 on.
    private static final Pattern NOT_PERMITTED_WITHIN_SCRIPT =
            Pattern.compile("^(?:ERR )?(?:The user executing the script can't |ACL failure in script)");

    /** Returns the reason at the beginning of an error of Redis. */
    public static RefusalReason of(String error) {
        String text = WITHIN_SCRIPT.matcher(error).replaceFirst("");
        if (text.startsWith("ERR max number of clients")) {
            return MAXCLIENTS;
        }
        if (NOT_PERMITTED_WITHIN_SCRIPT.matcher(text).find()) {
            return NOPERM;
        }
        int end = text.indexOf(' ');
        String word = end < 0 ? text : text.substring(0, end);
        for (RefusalReason reason : values()) {
            if (reason != OTHER && reason.name().equals(word)) {
                return reason;
            }
        }
        return OTHER;
    }
}
