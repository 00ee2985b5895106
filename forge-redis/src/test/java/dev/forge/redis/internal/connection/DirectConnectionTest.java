package dev.forge.redis.internal.connection;

import static dev.forge.redis.internal.protocol.RespWriter.argument;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.Promises;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.Command;
import dev.forge.redis.internal.protocol.HandshakeCommands;
import dev.forge.redis.internal.protocol.Reply;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DirectConnectionTest {

    private final Replies replies = new Replies();
    private final List<Call<?>> missed = new ArrayList<>();
    private final DirectConnection connection = new DirectConnection("Redis", replies, new KnownScripts(), missed::add);

    @Test
    void theDeadlineOfAnEarlierCallDoesNotConcernIt() throws Exception {
        Call<Optional<String>> earlier = get();
        replies.next.add("$5\r\nfirst\r\n");
        connection.run(earlier);
        Call<Optional<String>> later = get();
        CompletableFuture<Void> caller = CompletableFuture.runAsync(() -> connection.run(later));
        replies.awaitReader();

        connection.missed(earlier, true);
        replies.next.add("$6\r\nsecond\r\n");

        assertThat(caller).succeedsWithin(Promises.PATIENCE);
        assertThat(earlier).isCompletedWithValue(Optional.of("first"));
        assertThat(later).isCompletedWithValue(Optional.of("second"));
        assertThat(connection.isClosed()).isFalse();
        assertThat(missed).isEmpty();
    }

    @Test
    void theDeadlineOfItsCallClosesIt() throws Exception {
        Call<Optional<String>> call = get();
        CompletableFuture<Void> caller = CompletableFuture.runAsync(() -> connection.run(call));
        replies.awaitReader();

        connection.missed(call, true);

        assertThat(caller).succeedsWithin(Promises.PATIENCE);
        assertThat(connection.isClosed()).isTrue();
        assertThat(missed).isEqualTo(List.of(call));
        // Whoever noticed the deadline ends the call.
        assertThat(call).isNotDone();
    }

    /** As for lack of stack. */
    @Test
    void isClosedIfItCannotBeChecked() {
        DirectConnection unchecked = new DirectConnection(
                "Redis",
                new SilentWire() {
                    @Override
                    public boolean isQuiet() {
                        throw new StackOverflowError("not really");
                    }
                },
                new KnownScripts(),
                missed::add);
        DirectConnections one =
                new DirectConnections(time -> CompletableFuture.completedFuture(unchecked), Promises.PATIENCE, 1);
        assertThat(one.run(get(), 0)).isFalse();
        assertThat(one.open()).isEqualTo(1);
        // One that was used just now is not checked.
        await().until(() -> System.nanoTime() - unchecked.usedAt() > TimeUnit.MILLISECONDS.toNanos(100));

        assertThatExceptionOfType(StackOverflowError.class).isThrownBy(() -> one.run(get(), 0));

        assertThat(unchecked.isClosed()).isTrue();
        assertThat(one.open()).isZero();
    }

    private static Call<Optional<String>> get() {
        return HandshakeCommands.apart(Command.GET, new Reply.Value<>(Reply::text), argument("key"));
    }

    /** A server that replies what the test says, to whatever is sent. */
    private static final class Replies extends SilentWire {

        private static final String END = "";

        private final BlockingQueue<String> next = new LinkedBlockingQueue<>();
        private final BlockingQueue<Thread> readers = new LinkedBlockingQueue<>();

        void awaitReader() throws InterruptedException {
            readers.take();
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            if (next.isEmpty()) {
                readers.add(Thread.currentThread());
            }
            String reply;
            try {
                reply = next.take();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            if (reply.equals(END)) {
                throw new AsynchronousCloseException();
            }
            byte[] bytes = reply.getBytes(US_ASCII);
            System.arraycopy(bytes, 0, to, offset, bytes.length);
            return bytes.length;
        }

        @Override
        public void close() {
            next.add(END);
        }
    }
}
