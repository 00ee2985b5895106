package dev.forge.redis.internal.connection;

import static dev.forge.redis.internal.protocol.RespWriter.argument;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.Promises;
import dev.forge.redis.VirtualThreads;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.Command;
import dev.forge.redis.internal.protocol.HandshakeCommands;
import dev.forge.redis.internal.protocol.Reply;
import dev.forge.redis.internal.thread.IoThread;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledForJreRange(min = JRE.JAVA_21)
@Timeout(60)
class CallReaderTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "$6\r\nsec"})
    void wakesVirtualThreadsBeforeItWaitsForMoreBytes(String startOfTheNextReply) throws Exception {
        OneRead wire = new OneRead("$5\r\nfirst\r\n" + startOfTheNextReply);
        PipelinedConnection pipeline = Unconnected.over(wire);
        Call<Optional<String>> first = get();
        Call<Optional<String>> next = get();
        pipeline.offer(first);
        pipeline.offer(next);
        Thread waiting = VirtualThreads.factory().newThread(first::join);
        waiting.start();
        await().until(() -> waiting.getState() == Thread.State.WAITING);

        IoThread.factory("writer").newThread(pipeline::write).start();
        IoThread.factory("reader").newThread(pipeline::read).start();

        waiting.join(Promises.PATIENCE.toMillis());
        assertThat(waiting.isAlive()).isFalse();
        assertThat(first).isCompletedWithValue(Optional.of("first"));
        assertThat(next).isNotDone();
        pipeline.close();
        assertThat(next).failsWithin(Promises.PATIENCE);
    }

    private static Call<Optional<String>> get() {
        return HandshakeCommands.apart(Command.GET, new Reply.Value<>(Reply::text), argument("key"));
    }

    /** Replies with some bytes once something has been written, and with nothing more. */
    private static final class OneRead extends SilentWire {

        private final byte[] bytes;
        private final CountDownLatch written = new CountDownLatch(1);
        private final CountDownLatch closed = new CountDownLatch(1);
        private boolean read;

        OneRead(String bytes) {
            this.bytes = bytes.getBytes(US_ASCII);
        }

        @Override
        public int read(byte[] to, int offset, int length) {
            Promises.await(read ? closed : written);
            if (read) {
                return -1;
            }
            read = true;
            System.arraycopy(bytes, 0, to, offset, bytes.length);
            return bytes.length;
        }

        @Override
        public void write(byte[] sent, int offset, int length) {
            written.countDown();
        }

        @Override
        public void close() {
            closed.countDown();
            written.countDown();
        }
    }
}
