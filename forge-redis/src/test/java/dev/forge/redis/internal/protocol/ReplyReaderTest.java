package dev.forge.redis.internal.protocol;

import static dev.forge.redis.internal.protocol.Replies.inPieces;
import static dev.forge.redis.internal.protocol.Replies.shown;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.forge.redis.Promises;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.protocol.RedisStateMachine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code -Dforge.promises=long} compares a million replies; {@code -Dforge.promises.seed} repeats a run. */
class ReplyReaderTest {

    private static final int BUFFER = 256;
    private static final String DAMAGE = "$*:+-%~_#,(=!>|\r\n0129x";

    private final long seed = Long.getLong("forge.promises.seed", System.nanoTime());

    static Stream<Arguments> reads() {
        return Stream.of(
                Arguments.of("+OK\r\n", bytes("OK")),
                Arguments.of("+\r\n", bytes("")),
                Arguments.of(":0\r\n", 0L),
                Arguments.of(":-1\r\n", -1L),
                Arguments.of(":+7\r\n", 7L),
                Arguments.of(":9223372036854775807\r\n", Long.MAX_VALUE),
                Arguments.of(":-9223372036854775808\r\n", Long.MIN_VALUE),
                Arguments.of("$5\r\nhel\r\n\r\n", bytes("hel\r\n")),
                Arguments.of("$0\r\n\r\n", bytes("")),
                Arguments.of("$-1\r\n", null),
                Arguments.of("_\r\n", null),
                Arguments.of("#t\r\n", 1L),
                Arguments.of("#f\r\n", null),
                Arguments.of(",1.5\r\n", bytes("1.5")),
                Arguments.of(",inf\r\n", bytes("Infinity")),
                Arguments.of(",-inf\r\n", bytes("-Infinity")),
                Arguments.of(
                        "(3492890328409238509324850943850943825024385\r\n",
                        bytes("3492890328409238509324850943850943825024385")),
                Arguments.of("=7\r\ntxt:abc\r\n", bytes("abc")),
                Arguments.of("*0\r\n", List.of()),
                Arguments.of("*2\r\n:1\r\n$1\r\na\r\n", List.of(1L, bytes("a"))),
                Arguments.of("*2\r\n*1\r\n_\r\n~1\r\n:1\r\n", List.of(Arrays.asList((Object) null), List.of(1L))),
                Arguments.of("%1\r\n+a\r\n:1\r\n", List.of(bytes("a"), 1L)),
                Arguments.of("|1\r\n+ttl\r\n:5\r\n:1\r\n", 1L));
    }

    @ParameterizedTest
    @MethodSource
    void reads(String text, @Nullable Object expected) throws IOException {
        byte[] once = text.getBytes(ISO_8859_1);
        byte[] twice = Arrays.copyOf(once, 2 * once.length);
        System.arraycopy(once, 0, twice, once.length, once.length);
        for (int piece = 1; piece <= twice.length; piece++) {
            ReplyReader reader = new ReplyReader(inPieces(twice, piece), BUFFER);
            for (int i = 0; i < 2; i++) {
                assertSame(any(reader), expected);
            }
            assertThat(reader.hasMore()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x\r\n",
                "\r\n",
                "\0",
                "HTTP/1.1 200 OK\r\n",
                ":\r\n",
                ":-\r\n",
                ":1a\r\n",
                ":9223372036854775808\r\n",
                ":-9223372036854775809\r\n",
                ":99999999999999999999\r\n",
                ":1\rx",
                "$x\r\n",
                "$-2\r\n",
                "$2147483648\r\n",
                "$?\r\n;4\r\n",
                "$1\r\nab\r\n",
                "$2\r\nab\n\r",
                "=3\r\nabc\r\n",
                "!-1\r\n",
                "*-2\r\n",
                "%1073741824\r\n",
                ",abc\r\n",
                "#x\r\n",
                "#\r\n",
                ">1\r\n+a\r\n",
                "*1\r\n>1\r\n+a\r\n"
            })
    void refusesWhatIsNoReply(String text) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        for (int piece = 1; piece <= bytes.length; piece++) {
            ReplyReader reader = new ReplyReader(inPieces(bytes, piece), BUFFER);
            assertThatThrownBy(() -> any(reader)).isInstanceOf(MisplacedReplyException.class);
        }
    }

    @Test
    void refusesWhatHasNoBound() {
        assertThatThrownBy(() -> any(reader("*1\r\n".repeat(ReplyReader.DEEPEST + 1) + ":1\r\n")))
                .isInstanceOf(MisplacedReplyException.class);
        assertThatThrownBy(() -> any(reader("|1\r\n".repeat(ReplyReader.DEEPEST + 1) + ":1\r\n")))
                .isInstanceOf(MisplacedReplyException.class);
        assertThatThrownBy(() -> any(reader("+" + "a".repeat(ReplyReader.LONGEST_LINE + 1))))
                .isInstanceOf(MisplacedReplyException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, BUFFER - 1, BUFFER, 100_000})
    void limitsLinesHoweverTheyAreCut(int piece) throws IOException {
        for (int length : new int[] {BUFFER - 2, BUFFER - 1, BUFFER, BUFFER + 1, ReplyReader.LONGEST_LINE}) {
            String line = "a".repeat(length);
            ReplyReader reader = new ReplyReader(inPieces(bytes("+" + line + "\r\n:1\r\n"), piece), BUFFER);
            assertSame(any(reader), bytes(line));
            assertSame(any(reader), 1L);
        }
        byte[] longer = bytes("+" + "a".repeat(ReplyReader.LONGEST_LINE + 1) + "\r\n");
        assertThatThrownBy(() -> any(new ReplyReader(inPieces(longer, piece), BUFFER)))
                .isInstanceOf(MisplacedReplyException.class);
    }

    /** A damaged length must cost no memory before the bytes are there. */
    @Test
    void takesMemoryAsTheBytesArrive() {
        assertThat(catchThrowable(() -> any(reader("$2147483647\r\nabc")))).isInstanceOf(EOFException.class);
        assertThat(catchThrowable(() -> any(reader("*2147483647\r\n:1\r\n")))).isInstanceOf(EOFException.class);
        assertThat(catchThrowable(() -> any(reader("%1073741823\r\n:1\r\n")))).isInstanceOf(EOFException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {BUFFER - 3, BUFFER - 2, BUFFER - 1, BUFFER, BUFFER + 1, 5_000, 3_000_000})
    void readsStringsOfAnyLength(int length) throws IOException {
        byte[] value = new byte[length];
        new Random(seed).nextBytes(value);
        byte[] reply = concat(("$" + length + "\r\n").getBytes(UTF_8), value, "\r\n:1\r\n".getBytes(UTF_8));
        ReplyReader reader = new ReplyReader(inPieces(reply, 1_000), BUFFER);

        assertSame(any(reader), value);
        assertSame(any(reader), 1L);
    }

    @Test
    void readsErrors() throws IOException {
        assertThat(error("-ERR no\r\n")).isEqualTo("ERR no");
        assertThat(error("!6\r\nERR\r\nx\r\n")).isEqualTo("ERR\r\nx");
        assertThat(error("*2\r\n-ERR first\r\n-ERR second\r\n")).isEqualTo("ERR first");
        assertThat(error(":1\r\n")).isNull();
    }

    @Test
    void readsPushesApart() throws IOException {
        ReplyReader reader = reader(">2\r\n+invalidate\r\n*1\r\n$1\r\na\r\n:1\r\n>1\r\n+x\r\n");

        assertThat(reader.isPushNext()).isTrue();
        assertSame(reader.readPush(), List.of(bytes("invalidate"), List.of(bytes("a"))));
        assertThat(reader.isPushNext()).isFalse();
        assertSame(any(reader), 1L);
        assertThat(reader.isPushNext()).isTrue();
        assertSame(reader.readPush(), List.of(bytes("x")));
    }

    @Test
    void showsWhatComesFirstAndLeavesItThere() throws IOException {
        ReplyReader reader = reader("+OK\r\n");

        assertThat(reader.first(2)).isEqualTo(bytes("+O"));
        assertSame(any(reader), bytes("OK"));
    }

    @Test
    void agreesWithTheDecoderOfLettuce() throws IOException {
        RandomReplies replies = new RandomReplies(seed, 2 * BUFFER);
        Random random = new Random(seed);
        for (int i = 0; i < Promises.count(20_000, 1_000_000); i++) {
            replies.clear();
            Object expected = replies.add();
            byte[] bytes = replies.bytes();
            Tree lettuce = new Tree();
            ByteBuf buffer = Unpooled.wrappedBuffer(bytes);
            RedisStateMachine decoder = new RedisStateMachine();
            decoder.setProtocolVersion(ProtocolVersion.RESP3);
            assertThat(decoder.decode(buffer, lettuce, thrown -> {})).isTrue();

            ReplyReader reader = new ReplyReader(inPieces(bytes, 1 + random.nextInt(bytes.length)), BUFFER);
            Object read = any(reader);

            assertSame(read, expected);
            assertSame(lettuce.result(), expected);
            assertThat(reader.hasMore()).isFalse();
        }
    }

    /** Whatever the bytes are, reading ends: with a reply, as no reply, or with the bytes. */
    @Test
    void endsOnDamagedReplies() {
        RandomReplies replies = new RandomReplies(seed, 50);
        Random random = new Random(seed);
        for (int i = 0; i < Promises.count(50_000, 5_000_000); i++) {
            replies.clear();
            replies.add();
            byte[] bytes = replies.bytes();
            for (int damage = random.nextInt(3); damage >= 0; damage--) {
                bytes[random.nextInt(bytes.length)] = (byte) DAMAGE.charAt(random.nextInt(DAMAGE.length()));
            }
            Throwable failure = catchThrowable(() -> any(new ReplyReader(inPieces(bytes, 7), 64)));
            if (failure != null) {
                assertThat(failure).isInstanceOfAny(MisplacedReplyException.class, EOFException.class);
            }
        }
    }

    private static @Nullable String error(String text) throws IOException {
        Reply.Any<Optional<Object>> reply = new Reply.Any<>(Optional::ofNullable);
        reader(text).read(reply);
        return reply.error();
    }

    private static @Nullable Object any(ReplyReader reader) throws IOException {
        Reply.Any<Optional<Object>> reply = new Reply.Any<>(Optional::ofNullable);
        reader.read(reply);
        return reply.result().orElse(null);
    }

    private static ReplyReader reader(String text) {
        return new ReplyReader(inPieces(text.getBytes(ISO_8859_1), Integer.MAX_VALUE), BUFFER);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static byte[] concat(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    private void assertSame(@Nullable Object read, @Nullable Object expected) {
        assertThat(shown(read)).as("seed %d", seed).isEqualTo(shown(expected));
    }

    /** Collects with Lettuce what {@link Reply.Any} collects. */
    private static final class Tree extends CommandOutput<byte[], byte[], @Nullable Object> {

        private final Reply.Any<Optional<Object>> reply = new Reply.Any<>(Optional::ofNullable);

        Tree() {
            super(ByteArrayCodec.INSTANCE, null);
        }

        @Nullable
        Object result() {
            return reply.result().orElse(null);
        }

        @Override
        @SuppressWarnings("NullAway") // Lettuce passes null for nil
        public void set(ByteBuffer bytes) {
            if (bytes == null) {
                reply.setNull();
            } else {
                reply.set(ByteBuffer.wrap(copy(bytes)));
            }
        }

        private static byte[] copy(ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            return copy;
        }

        @Override
        public void set(long integer) {
            reply.set(integer);
        }

        @Override
        public void set(double number) {
            reply.set(number);
        }

        @Override
        public void set(boolean bool) {
            reply.set(bool);
        }

        @Override
        public void multi(int count) {
            reply.multi(count);
        }
    }
}
