package dev.forge.redis;

import static io.lettuce.core.protocol.CommandType.EVAL;
import static io.lettuce.core.protocol.CommandType.EVALSHA;
import static io.lettuce.core.protocol.CommandType.EXISTS;
import static io.lettuce.core.protocol.CommandType.GET;
import static io.lettuce.core.protocol.CommandType.INFO;
import static io.lettuce.core.protocol.CommandType.MGET;
import static io.lettuce.core.protocol.CommandType.SCAN;
import static io.lettuce.core.protocol.CommandType.SET;
import static io.lettuce.core.protocol.CommandType.UNLINK;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.ByteArrayOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.KeyScanOutput;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.output.ValueListOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandKeyword;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The commands that Forge sends, as calls. There are no others. */
final class Commands {

    private static final ByteArrayCodec CODEC = ByteArrayCodec.INSTANCE;

    private final CommandPath path;

    Commands(CommandPath path) {
        this.path = path;
    }

    <T> CompletableFuture<Optional<T>> get(byte[] key, Function<byte[], T> decoder) {
        return path.send(
                GET,
                new ByteArrayOutput<>(CODEC),
                CommandPath.args().addKey(key),
                key,
                (byte @Nullable [] bytes) -> bytes == null ? Optional.empty() : Optional.of(decoder.apply(bytes)));
    }

    /** Returns the values in the order of the keys, with null for a key that is missing. */
    CompletableFuture<List<byte @Nullable []>> getAll(List<byte[]> keys) {
        return path.send(
                MGET, new ValueListOutput<>(CODEC), CommandPath.args().addKeys(keys), keys.get(0), values -> values);
    }

    CompletableFuture<Void> set(byte[] key, byte[] value, Duration ttl) {
        CommandArgs<byte[], byte[]> args = CommandPath.args().addKey(key).addValue(value);
        if (!ttl.equals(RedisManager.NO_EXPIRY)) {
            args.add(CommandKeyword.PX).add(ttl.toMillis());
        }
        return path.send(SET, new StatusOutput<>(CODEC), args, key, Commands::nothing);
    }

    CompletableFuture<Long> unlink(List<byte[]> keys) {
        return path.send(UNLINK, new IntegerOutput<>(CODEC), CommandPath.args().addKeys(keys), keys.get(0));
    }

    CompletableFuture<Boolean> exists(byte[] key) {
        return path.send(
                EXISTS, new IntegerOutput<>(CODEC), CommandPath.args().addKey(key), key, (Long count) -> count > 0);
    }

    CompletableFuture<String> info(String section) {
        return path.send(INFO, new StatusOutput<>(CODEC), CommandPath.args().add(section), null);
    }

    CompletableFuture<KeyScanCursor<byte[]>> scan(String cursor, byte[] glob, long count) {
        CommandArgs<byte[], byte[]> args = CommandPath.args()
                .add(cursor)
                .add(CommandKeyword.MATCH)
                .add(glob)
                .add(CommandKeyword.COUNT)
                .add(count);
        return path.send(SCAN, new KeyScanOutput<>(CODEC), args, null);
    }

    /** Runs a script by its digest, and once more by its source if the server does not know it. */
    CompletableFuture<ScriptReply> eval(LuaScript script, List<byte[]> keys, List<byte[]> args) {
        return eval(EVALSHA, script.digest(), keys, args)
                .exceptionallyCompose(failure -> isUnknown(failure)
                        ? eval(EVAL, script.source(), keys, args)
                        : CompletableFuture.failedFuture(failure));
    }

    private CompletableFuture<ScriptReply> eval(CommandType type, byte[] script, List<byte[]> keys, List<byte[]> args) {
        CommandArgs<byte[], byte[]> all =
                CommandPath.args().add(script).add(keys.size()).addKeys(keys);
        args.forEach(all::add);
        return path.send(type, new ScriptOutput(), all, keys.isEmpty() ? null : keys.get(0));
    }

    private static boolean isUnknown(Throwable failure) {
        return Failures.unwrapped(failure) instanceof RedisRefusedException refused
                && refused.reason() == RefusalReason.NOSCRIPT;
    }

    @SuppressWarnings("NullAway") // Void has no other value
    private static Void nothing(String ok) {
        return null;
    }

    static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
