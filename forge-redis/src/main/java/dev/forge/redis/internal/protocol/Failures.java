package dev.forge.redis.internal.protocol;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.internal.tls.ExplainedException;
import dev.forge.redis.internal.tls.HandshakeFailure;
import dev.forge.redis.key.RedisKey;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Turns exceptions of the client and the network into failures that say what the caller may do. */
public final class Failures {

    private static final int LONGEST_TEXT = 200;
    private static final Pattern HELLO = Pattern.compile("(?i)\\bhello\\b");

    private Failures() {}

    /** Returns the failure of a connection that could not be made. */
    public static RedisFailure connecting(String address, Throwable cause) {
        for (Throwable step = cause; step != null; step = step.getCause()) {
            if (step instanceof RedisFailure failure) {
                return failure;
            }
        }
        return new RedisUnavailableException("cannot connect to Redis at " + address + ": " + describe(cause), cause);
    }

    /** Returns the failure of a connection that the server refused with {@code error}. */
    public static RedisFailure refusedConnection(String address, String error) {
        return new RedisRefusedException(
                RefusalReason.of(error),
                "Redis at " + address + " refused the connection: " + refusal(error),
                // No cause: a server that does not know HELLO quotes its arguments, and so the password.
                null);
    }

    private static String refusal(String error) {
        // The text of the server speaks of the arguments of HELLO.
        return RefusalReason.of(error) == RefusalReason.NOAUTH
                ? "NOAUTH; it requires a login, and the settings have none"
                : errorText(error) + advice(error);
    }

    /** Returns what to do about {@code error}, if the server refused HELLO itself and not the login in it. */
    private static String advice(String error) {
        RefusalReason reason = RefusalReason.of(error);
        boolean ofHello = HELLO.matcher(error).find();
        if (ofHello && reason == RefusalReason.NOPERM) {
            return "; allow HELLO to the user default, which every connection is until it has logged in, and to the user that"
                    + " logs in";
        }
        return error.startsWith("NOPROTO") || (ofHello && error.startsWith("ERR"))
                ? "; Forge needs Redis 6.2 or later, and a proxy on the way has to pass on HELLO 3 (RESP3)"
                : "";
    }

    /**
     * Returns which URL to use instead, if {@code error} shows that the server is of another kind than that of the
     * settings; otherwise nothing.
     *
     * @param forOneServer whether the call has a key and is sent to the only server that there is
     */
    static String otherUrl(Command command, String error, boolean forOneServer) {
        if (command == Command.CLUSTER && error.contains("cluster support disabled")) {
            return "; it is not part of a cluster: use redis:// instead of redis-cluster://";
        }
        if (command == Command.SENTINEL && error.contains("unknown command")) {
            return "; it is not a sentinel: use the port of one, or redis:// instead of redis-sentinel://";
        }
        // A script may return any error.
        return RefusalReason.of(error) == RefusalReason.MOVED && forOneServer && command != Command.EVALSHA
                ? "; it is part of a cluster: use redis-cluster:// instead of redis://"
                : "";
    }

    /** Returns whether a longer timeout might have helped. */
    public static boolean isTimeout(Throwable thrown) {
        for (Throwable step = thrown; step != null; step = step.getCause()) {
            if (step instanceof TimeoutException || step instanceof SocketTimeoutException) {
                return true;
            }
        }
        return false;
    }

    /** Returns the innermost cause as readable text for a log. */
    public static String describe(Throwable thrown) {
        Throwable root = thrown;
        boolean tls = root instanceof SSLException;
        while (root.getCause() != null && !(root instanceof ExplainedException)) {
            root = root.getCause();
            tls |= root instanceof SSLException;
        }
        String message = root.getMessage();
        if (root instanceof ExplainedException) {
            return orName(message, root);
        }
        if (isTimeout(root)) {
            return "no answer in time";
        }
        if (root instanceof UnknownHostException) {
            return "unknown host";
        }
        if (root instanceof ConnectException && message != null && message.startsWith("Connection refused")) {
            return "connection refused";
        }
        if (root instanceof ClosedChannelException) {
            return "the connection was closed";
        }
        if (tls) {
            return "TLS failed: " + HandshakeFailure.describe(root, orName(message, root));
        }
        return RedisKey.shown(orName(message, root));
    }

    /**
     * Returns an error of Redis without the arguments that it quotes, which may contain a value. A script may have put
     * the input of a user into it, which must not forge a log line.
     */
    static String errorText(String error) {
        int quoted = error.indexOf(", with args beginning with");
        return RedisKey.shown(quoted < 0 ? error : error.substring(0, quoted), LONGEST_TEXT);
    }

    private static String orName(@Nullable String message, Throwable thrown) {
        return message == null || message.isBlank() ? thrown.getClass().getSimpleName() : message;
    }
}
