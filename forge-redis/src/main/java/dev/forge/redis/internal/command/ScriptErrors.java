package dev.forge.redis.internal.command;

import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.route.ClusterSlot;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells errors of the server, which has not run a script, from errors with which a script itself replies.
 *
 * <p>A script may reply with any text, so the first word of an error proves nothing. The texts of the server are the
 * same in Redis 6.2 to 8.0 and Valkey 7.2 to 9.1, except for the end of that of {@code NOSCRIPT}. No command within a
 * script can raise them: there a key of another node, or one that is being moved, has an error of its own.
 */
final class ScriptErrors {

    private static final String UNKNOWN_SCRIPT = "NOSCRIPT No matching script";
    private static final String HALF_MOVED = "TRYAGAIN Multiple keys request during rehashing of slot";

    // The host may be missing, and has colons if it is an IPv6 address.
    private static final Pattern REDIRECT = Pattern.compile("(?:MOVED|ASK) (\\d{1,5}) \\S*:\\d{1,5}");

    private ScriptErrors() {}

    /**
     * Returns false if the error with which {@code call} ended is certain to come from its script, which has then run.
     */
    static boolean mayBeOfServer(RefusalReason reason, String error, Call<?> call) {
        return switch (reason) {
            case NOSCRIPT -> call.isByDigest() && error.startsWith(UNKNOWN_SCRIPT);
            case TRYAGAIN -> error.equals(HALF_MOVED);
            case MOVED, ASK -> isRedirect(error, call.key());
            // No other error causes a script to be sent again.
            default -> true;
        };
    }

    private static boolean isRedirect(String error, byte @Nullable [] key) {
        Matcher redirect = REDIRECT.matcher(error);
        return key != null && redirect.matches() && Integer.parseInt(redirect.group(1)) == ClusterSlot.of(key);
    }
}
