package dev.forge.redis.internal.protocol;

import static dev.forge.redis.internal.protocol.RespWriter.argument;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The commands that a connection sends for itself: to see whether the server is there, and what it is. */
public final class HandshakeCommands {

    private HandshakeCommands() {}

    /** Asks for a sign of life, with a word that no other answer has. */
    public static Call<Void> ping() {
        byte[] argument = argument(ThreadLocalRandom.current().nextLong());
        return apart(Command.PING, Reply.Done.echo(argument), Command.PING.getBytes(), argument);
    }

    /** Asks for {@code master} or {@code slave}. */
    public static Call<String> role() {
        return apart(
                Command.ROLE,
                new Reply.Any<>(reply -> reply instanceof List<?> list && list.get(0) instanceof byte[] role
                        ? new String(role, US_ASCII)
                        : "unknown"),
                Command.ROLE.getBytes());
    }

    /** Asks whether the server is a primary. */
    public static Call<Boolean> isPrimary() {
        return apart(
                Command.ROLE, new Reply.Any<>(reply -> isWord(list(reply).get(0), "master")), Command.ROLE.getBytes());
    }

    /** Asks whether the server is in charge of {@code key}; another one of the cluster refuses to answer. */
    public static Call<Boolean> isInChargeOf(byte[] key) {
        return apart(Command.EXISTS, new Reply.Any<>(reply -> true), Command.EXISTS.getBytes(), key);
    }

    /** Asks what the server is, in the words of INFO. */
    public static Call<ServerInfo> hello() {
        return apart(Command.HELLO, new Reply.Any<>(ServerInfo::ofHello), Command.HELLO.getBytes());
    }

    /** Has the server tell of changes to what is read on the connection. */
    public static Call<Void> trackingOn() {
        return apart(Command.CLIENT, new Reply.Done(), Command.CLIENT.getBytes(), argument("TRACKING"), argument("ON"));
    }

    /** Asks whether the server tells of changes. */
    public static Call<Boolean> isTrackingOn() {
        return apart(
                Command.CLIENT,
                // "flags" and their list, and more.
                new Reply.Any<>(reply -> list(list(reply).get(1)).stream().anyMatch(flag -> isWord(flag, "on"))),
                Command.CLIENT.getBytes(),
                argument("TRACKINGINFO"));
    }

    /** Lets a replica of a cluster answer reads. */
    public static Call<Void> readOnly() {
        return apart(Command.READONLY, new Reply.Done(), Command.READONLY.getBytes());
    }

    /** Lets {@code next} be served by the node that a slot is on its way to. */
    public static Call<Void> asking() {
        return apart(Command.ASKING, new Reply.Done(), Command.ASKING.getBytes());
    }

    /** Asks a sentinel for the address of {@code primary}. */
    public static Call<HostAndPort> sentinelPrimary(String primary) {
        return apart(
                Command.SENTINEL,
                new Reply.Any<>(reply -> address(reply, primary)),
                Command.SENTINEL.getBytes(),
                argument("get-master-addr-by-name"),
                primary.getBytes(UTF_8));
    }

    /** Asks a sentinel for the replicas of {@code primary} that are up. */
    public static Call<List<HostAndPort>> sentinelReplicas(String primary) {
        return apart(
                Command.SENTINEL,
                new Reply.Any<>(SentinelReplicas::read),
                Command.SENTINEL.getBytes(),
                argument("replicas"),
                primary.getBytes(UTF_8));
    }

    /** Returns a call that belongs to a connection and not to the path: nobody sends it again. */
    public static <T> Call<T> apart(Command command, Reply<T> reply, byte[]... arguments) {
        return new Call<>(command, arguments, null, reply, Call.Owner.NOBODY, System.nanoTime());
    }

    private static HostAndPort address(@Nullable Object reply, String primary) {
        if (!(reply instanceof List<?> parts) || parts.size() != 2) {
            throw new IllegalStateException("the sentinel knows no primary called " + primary);
        }
        return new HostAndPort(
                new String((byte[]) parts.get(0), US_ASCII),
                Integer.parseInt(new String((byte[]) parts.get(1), US_ASCII)));
    }

    private static boolean isWord(@Nullable Object reply, String argument) {
        return reply instanceof byte[] bytes && argument.equals(new String(bytes, US_ASCII));
    }

    private static List<?> list(@Nullable Object reply) {
        if (reply instanceof List<?> list) {
            return list;
        }
        throw new IllegalStateException("Redis should have replied a list");
    }
}
