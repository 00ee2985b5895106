package dev.forge.redis.internal.protocol;

import static dev.forge.redis.internal.protocol.RespWriter.argument;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Commands that a connection sends for itself: to check that the server replies, and what its role is. */
public final class HandshakeCommands {

    private static final byte[] RESP_3 = argument("3");

    private HandshakeCommands() {}

    /** Returns the command that chooses RESP3, for a server without a login. */
    public static byte[][] hello3() {
        return new byte[][] {Command.HELLO.getBytes(), RESP_3};
    }

    /** Returns the command that chooses RESP3 and logs in {@code user}, or the default user if it is null. */
    public static byte[][] hello3(@Nullable String user, char[] password) {
        return new byte[][] {
            Command.HELLO.getBytes(),
            RESP_3,
            argument("AUTH"),
            user == null ? argument("default") : user.getBytes(UTF_8),
            new String(password).getBytes(UTF_8)
        };
    }

    /** Returns the command that chooses the database with {@code number}. */
    public static byte[][] select(int number) {
        return new byte[][] {Command.SELECT.getBytes(), argument(number)};
    }

    /** Returns the command that lets a replica of a cluster answer reads. */
    public static byte[][] readOnly() {
        return new byte[][] {Command.READONLY.getBytes()};
    }

    /** Reads a reply; returns its error, or null if it is not an error. */
    public static @Nullable String error(ReplyReader reader) throws IOException {
        Reply<Boolean> reply = new Reply.Any<>(value -> true);
        reader.read(reply);
        return reply.error();
    }

    /** Pings the server with a unique argument, which no other reply contains. */
    public static Call<Void> ping() {
        byte[] unique = argument(ThreadLocalRandom.current().nextLong());
        return apart(Command.PING, Reply.Done.echo(unique), unique);
    }

    /** Asks for the role of the server: {@code master} or {@code slave}. */
    public static Call<String> role() {
        return apart(
                Command.ROLE,
                new Reply.Any<>(reply -> reply instanceof List<?> list && list.get(0) instanceof byte[] role
                        ? new String(role, US_ASCII)
                        : "unknown"));
    }

    /** Asks whether the server is a primary. */
    public static Call<Boolean> isPrimary() {
        return apart(
                Command.ROLE, new Reply.Any<>(reply -> isText(Reply.list(reply).get(0), "master")));
    }

    /**
     * Asks whether the server is in charge of {@code key}. Any other node of the cluster replies with an error, and so does
     * this one with {@code ASK} if the slot is being moved and it does not have the key.
     */
    public static Call<Boolean> isInChargeOf(byte[] key) {
        return apart(Command.EXISTS, new Reply.Any<>(reply -> true), key);
    }

    /** Asks for the version and protocol of the server, with the field names of INFO. */
    public static Call<ServerInfo> hello() {
        return apart(Command.HELLO, new Reply.Any<>(ServerInfo::ofHello));
    }

    /** Makes the server send an invalidation when a key that was read on the connection changes. */
    public static Call<Void> trackingOn() {
        return apart(Command.CLIENT, new Reply.Done(), argument("TRACKING"), argument("ON"));
    }

    /** Asks whether the server sends invalidations on the connection. */
    public static Call<Boolean> isTrackingOn() {
        return apart(
                Command.CLIENT,
                // The reply begins with "flags" and their list.
                new Reply.Any<>(
                        reply -> Reply.list(Reply.list(reply).get(1)).stream().anyMatch(flag -> isText(flag, "on"))),
                argument("TRACKINGINFO"));
    }

    /** Makes the node that imports a slot accept the next command for it. */
    public static Call<Void> asking() {
        return apart(Command.ASKING, new Reply.Done());
    }

    /** Asks a sentinel for the address of {@code primary}. */
    public static Call<HostAndPort> sentinelPrimary(String primary) {
        return apart(
                Command.SENTINEL,
                new Reply.Any<>(reply -> address(reply, primary)),
                argument("get-master-addr-by-name"),
                primary.getBytes(UTF_8));
    }

    /** Asks a sentinel for the replicas of {@code primary} that are up. */
    public static Call<List<HostAndPort>> sentinelReplicas(String primary) {
        return apart(
                Command.SENTINEL,
                new Reply.Any<>(SentinelReplicas::read),
                argument("replicas"),
                primary.getBytes(UTF_8));
    }

    /**
     * Returns a call that belongs to one connection: it is never sent again or redirected.
     *
     * @param arguments those after the name of the command
     */
    public static <T> Call<T> apart(Command command, Reply<T> reply, byte[]... arguments) {
        byte[][] all = new byte[1 + arguments.length][];
        all[0] = command.getBytes();
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return new Call<>(command, all, null, reply, CallOwner.NONE, System.nanoTime());
    }

    private static HostAndPort address(@Nullable Object reply, String primary) {
        if (!(reply instanceof List<?> parts) || parts.size() != 2) {
            throw new IllegalStateException("the sentinel does not know a primary named " + primary);
        }
        return new HostAndPort(
                new String((byte[]) parts.get(0), US_ASCII),
                Integer.parseInt(new String((byte[]) parts.get(1), US_ASCII)));
    }

    private static boolean isText(@Nullable Object reply, String text) {
        return reply instanceof byte[] bytes && text.equals(new String(bytes, US_ASCII));
    }
}
