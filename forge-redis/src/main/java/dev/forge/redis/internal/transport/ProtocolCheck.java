package dev.forge.redis.internal.transport;

import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.internal.tls.ExplainedException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.Future;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Explains why a server does not answer a new connection as Redis does.
 *
 * <p>The first reply must be the one to {@code HELLO}: a map, or an error. Anything else is not from a Redis server,
 * and is shown. If the server closes the connection or does not reply, {@link ServerProbe} tries once, on another
 * connection, whether it speaks TLS where we do not, or plain text where we use TLS.
 *
 * <p>For one attempt to connect to one address. Not thread-safe, except for the probe that it starts itself.
 */
final class ProtocolCheck {

    static final String SPEAKS_TLS = "the server speaks TLS; use rediss:// instead of redis://";
    static final String SPEAKS_NO_TLS = "the server does not speak TLS; use redis:// instead of rediss://";

    private static final String NO_ANSWER = "the server closed the connection without an answer";
    private static final String NO_ANSWER_TO_TLS = "the server closed the connection after the TLS handshake without an"
            + " answer; check whether it requires or rejects a client certificate";

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_PROBE = Duration.ofSeconds(1);

    private final @Nullable InetSocketAddress address;
    private final boolean tls;
    private final Duration patience;
    private final ProbeMemory probes;
    private final Scheduler scheduler;

    private boolean encrypted;
    private boolean answered;

    // Set by the probe.
    private volatile @Nullable ExplainedException found;

    /**
     * @param patience how long the attempt to connect may take
     * @param probes results of earlier probes
     */
    ProtocolCheck(SocketAddress address, boolean tls, Duration patience, ProbeMemory probes, Scheduler scheduler) {
        this.address = address instanceof InetSocketAddress internet ? internet : null;
        this.tls = tls;
        this.patience = patience;
        this.probes = probes;
        this.scheduler = scheduler;
    }

    /**
     * Begins to wait for the TLS handshake: if it does not end soon, asks in plain text. A Redis server takes the first
     * message of TLS for an incomplete command, and waits.
     *
     * @param abort runs once it is known that the server does not speak TLS
     */
    Future<?> handshakeBegins(Runnable abort) {
        Duration half = patience.dividedBy(2);
        Duration wait = half.compareTo(LONGEST_WAIT) < 0 ? half : LONGEST_WAIT;
        return scheduler.schedule(
                () -> scheduler.background().execute(() -> {
                    if (ServerBytes.isRedis(probe().inPlain())) {
                        found = new ExplainedException(SPEAKS_NO_TLS);
                        abort.run();
                    }
                }),
                wait.toMillis());
    }

    /** Checks the first bytes that the server has sent in a handshake that has failed. */
    void firstRecord(byte[] first) throws ExplainedException {
        if (first.length > 0 && !ServerBytes.isTls(first)) {
            throw new ExplainedException(
                    ServerBytes.isRedis(first)
                            ? SPEAKS_NO_TLS
                            : "the server does not speak TLS: it answered " + ServerBytes.shown(first));
        }
    }

    void handshakeEnded() {
        encrypted = true;
    }

    /** Checks the first bytes that the server has sent, decrypted. */
    void firstReply(byte[] first) throws ExplainedException {
        answered = true;
        if (!ServerBytes.mayAnswerHello(first)) {
            throw new ExplainedException(
                    !tls && ServerBytes.isTls(first)
                            ? SPEAKS_TLS
                            : "this is not a Redis server: it answered " + ServerBytes.shown(first));
        }
    }

    /** Returns why connecting failed, where the JDK reports {@code failure}; may probe the server once, and so block. */
    IOException explained(IOException failure) {
        ExplainedException known = found;
        if (known != null) {
            return known;
        }
        if (failure instanceof ExplainedException || failure instanceof SSLException || answered) {
            return failure;
        }
        if (tls) {
            return new ExplainedException(encrypted ? NO_ANSWER_TO_TLS : NO_ANSWER, failure);
        }
        InetSocketAddress server = address;
        boolean speaksTls = server != null && probes.speaksTls(server, () -> probe().speaksTls());
        return new ExplainedException(speaksTls ? SPEAKS_TLS : NO_ANSWER, failure);
    }

    private ServerProbe probe() {
        InetSocketAddress server = address;
        if (server == null) {
            throw new IllegalStateException("a Unix domain socket has no TLS");
        }
        Duration quarter = patience.dividedBy(4);
        return new ServerProbe(server, quarter.compareTo(LONGEST_PROBE) < 0 ? quarter : LONGEST_PROBE, scheduler);
    }
}
