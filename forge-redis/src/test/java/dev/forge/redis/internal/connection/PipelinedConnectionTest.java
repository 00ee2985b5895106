package dev.forge.redis.internal.connection;

import static dev.forge.redis.internal.protocol.RespWriter.argument;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.Command;
import dev.forge.redis.internal.protocol.HandshakeCommands;
import dev.forge.redis.internal.protocol.Reply;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.internal.transport.Patience;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.script.ScriptReply;
import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

public class PipelinedConnectionTest {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final LuaScript WRITE = LuaScript.of("write", "return redis.call('SET', KEYS[1], 'value')");

    private EmbeddedRedis server;
    private ConnectionFactory factory;
    private PipelinedConnection pipeline;

    @BeforeEach
    void connect() throws Exception {
        server = EmbeddedRedis.start();
        factory = new ConnectionFactory(RedisSettings.of(server.url()), new Scheduler());
        pipeline = factory.to(new HostAndPort("127.0.0.1", server.port()))
                .connect(Patience.ofFirst(PATIENCE))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        pipeline.open(() -> {});
    }

    @AfterEach
    void disconnect() throws Exception {
        pipeline.close();
        factory.close(PATIENCE);
        server.close();
    }

    @Test
    void saysThatItWasLostBecauseTheServerDidNotReply() {
        server.freeze();

        await().atMost(PATIENCE).until(() -> {
            pipeline.monitor().look();
            return !pipeline.isOpen();
        });

        assertThat(new ConnectionOutage("Redis").lost(pipeline))
                .matches("The connection to Redis at .* was lost, because it had not replied for \\d{4} ms");
    }

    @Test
    void givesNoReasonIfTheServerClosedIt() {
        server.kill();

        await().atMost(PATIENCE).until(() -> !pipeline.isOpen());

        assertThat(new ConnectionOutage("Redis").lost(pipeline)).endsWith(" was lost");
    }

    @Test
    void isQuietAboutAConnectionThatIsLostAgainAndAgain() {
        ConnectionOutage outage = new ConnectionOutage("Redis");
        for (int i = 1; i < LossLog.MOST; i++) {
            assertThat(outage.lost(pipeline)).endsWith(" was lost");
            assertThat(outage.end()).isNotEqualTo(ConnectionOutage.NONE);
        }
        assertThat(outage.lost(pipeline)).contains("for the 5th time within a minute");
        outage.end();

        assertThat(outage.lost(pipeline)).isNull();
        assertThat(outage.end()).isEqualTo(ConnectionOutage.NONE);

        outage.lost(pipeline);
        assertThat(outage.failed(new RedisUnavailableException("down", null))).isTrue();
        assertThat(outage.end()).isNotEqualTo(ConnectionOutage.NONE);
    }

    @Test
    void failsOnlyTheCommandThatCannotBeWritten() throws Exception {
        server.command("SET", "a", "value of a");
        server.command("SET", "b", "value of b");
        server.command("SET", "c", "value of c");
        List<Call<Optional<String>>> calls = new ArrayList<>();
        List<Call<Optional<String>>> unwritten = new ArrayList<>();

        // From the thread that reads, so that they are sent in one write.
        Call<Optional<String>> first = get("a");
        CompletableFuture<Void> others = first.thenAccept(answer -> {
            calls.add(offered(get("b")));
            unwritten.add(offered(get(null)));
            calls.add(offered(get("c")));
        });
        assertThat(pipeline.offer(first)).isTrue();
        others.get(10, TimeUnit.SECONDS);

        assertThat(calls.get(0)).succeedsWithin(PATIENCE).isEqualTo(Optional.of("value of b"));
        assertThat(unwritten.get(0))
                .failsWithin(PATIENCE)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(RedisUnavailableException.class);
        assertThat(calls.get(1)).succeedsWithin(PATIENCE).isEqualTo(Optional.of("value of c"));
        assertThat(pipeline.isOpen()).isTrue();
        assertThat(pipeline.load()).isZero();
    }

    @Test
    void sendsNewCallsOfTheFirstCallersBeforeDeliveringTheLastReply() {
        List<CompletableFuture<?>> callers = new ArrayList<>();
        server.freeze();
        callers.add(offered(write("first")).thenRun(() -> offered(write("next"))));
        for (int i = 0; i < 6; i++) {
            callers.add(offered(write("other")));
        }
        // Nothing else happens on this connection until it has returned.
        CompletableFuture<Void> last = offered(write("last"))
                .thenRun(() -> await().atMost(PATIENCE)
                        .until(() -> server.command("EXISTS", "next").equals("1")));
        server.thaw();

        assertThat(last).succeedsWithin(PATIENCE.multipliedBy(2));
        assertThat(callers).allSatisfy(caller -> assertThat(caller).succeedsWithin(PATIENCE));
    }

    @Test
    void closesAConnectionWhoseRepliesGoToTheWrongCalls() {
        server.command("SET", "a", "value of a");
        await().pollInterval(Duration.ofMillis(20))
                .during(Duration.ofSeconds(1))
                .until(this::isOpenWhileUsed);
        offered(unanswered());
        offered(get("a"));

        // Each of these gets the reply to another call, and cannot see that from its type.
        await().pollInterval(Duration.ofMillis(20)).atMost(PATIENCE).until(() -> !isOpenWhileUsed());
    }

    private boolean isOpenWhileUsed() {
        pipeline.offer(get("a"));
        pipeline.monitor().look();
        return pipeline.isOpen();
    }

    @Test
    void deliversNoMoreRepliesAfterOneThatDoesNotFit() throws Exception {
        server.command("MSET", "a", "value of a", "b", "value of b", "c", "value of c");
        List<Call<Optional<String>>> reads = List.of(get("a"), get("b"), get("c"));
        Call<Long> count = HandshakeCommands.apart(Command.UNLINK, new Reply.Count(), argument("d"));
        Call<Optional<String>> first = get("a");

        // From the thread that reads, so that they are sent in one write.
        CompletableFuture<Void> others = first.thenAccept(answer -> {
            offered(unanswered());
            offered(count);
            reads.forEach(this::offered);
        });
        offered(first);
        others.get(10, TimeUnit.SECONDS);

        // The count would have got the reply to the second read, and the first read the reply to the third.
        assertThat(count).failsWithin(PATIENCE).withThrowableOfType(ExecutionException.class);
        assertThat(reads)
                .allSatisfy(
                        read -> assertThat(read).failsWithin(PATIENCE).withThrowableOfType(ExecutionException.class));
        assertThat(pipeline.isOpen()).isFalse();
        assertThat(pipeline.load()).isZero();
    }

    @Test
    void doesNotCountARejectedCallInItsStripe() {
        ThreadAffinity affinity = new ThreadAffinity();
        PipelinedConnection other = Unconnected.named("other");
        pipeline.join(affinity, 1);
        other.join(affinity, 2);
        server.freeze();
        for (int i = 0; i < PipelinedConnection.MOST_IN_FLIGHT; i++) {
            offered(get("a"));
        }
        Call<?> late = get("a");
        late.stripe = ThreadAffinity.ofThisThread();

        pipeline.hand(late);

        assertThat(late).isCompletedExceptionally();

        Call<?> next = get("a");
        next.stripe = ThreadAffinity.ofThisThread();
        assertThat(affinity.choose(other, next)).isSameAs(other);
        server.thaw();
    }

    private <T> Call<T> offered(Call<T> call) {
        assertThat(pipeline.offer(call)).isTrue();
        return call;
    }

    /** Returns a call that gets no reply, and neither does the next one: all later replies go to the wrong calls. */
    public static Call<ScriptReply> unanswered() {
        return HandshakeCommands.apart(
                Command.CLIENT, new Reply.Any<>(ScriptReply::new), argument("REPLY"), argument("SKIP"));
    }

    /** Returns a script that sets a key. */
    private static Call<ScriptReply> write(String key) {
        Call<ScriptReply> call = HandshakeCommands.apart(
                Command.EVALSHA, new Reply.Any<>(ScriptReply::new), WRITE.digest(), argument(1), argument(key));
        call.script = WRITE;
        return call;
    }

    /** Returns a GET, which cannot be written if {@code key} is null. */
    @SuppressWarnings("NullAway") // that is what is tested
    private static Call<Optional<String>> get(@Nullable String key) {
        return HandshakeCommands.apart(Command.GET, new Reply.Value<>(Reply::text), key == null ? null : argument(key));
    }
}
