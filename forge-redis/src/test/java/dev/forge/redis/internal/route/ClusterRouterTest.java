package dev.forge.redis.internal.route;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.Promises;
import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.internal.connection.ConnectionFactory;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.CallConnection;
import dev.forge.redis.internal.protocol.CallOwner;
import dev.forge.redis.internal.protocol.Command;
import dev.forge.redis.internal.protocol.Reply;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.settings.RedisEndpoint;
import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A cluster with one primary, which is a server of its own; other nodes answer only in the test. */
class ClusterRouterTest {

    private static final String PRIMARY = "10.0.0.1:7001";
    private static final String OTHER = "10.0.0.2:7002";
    private static final String LOADING = "LOADING Redis is loading the dataset in memory";

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private final Scheduler scheduler = new Scheduler();
    private final ConnectionFactory factory = new ConnectionFactory(RedisSettings.of(SERVER.url()), scheduler);
    private final ClusterTopology topology = new ClusterTopology(
            new RedisEndpoint.Cluster(List.of(HostAndPort.parse(PRIMARY))),
            false,
            true,
            this::node,
            node -> CompletableFuture.completedFuture(new ClusterView.Answer(
                    HostAndPort.parse(PRIMARY),
                    "aa " + PRIMARY + "@17001 myself,master - 0 0 1 connected 0-16383\n",
                    Map.of())),
            Promises.PATIENCE,
            scheduler);
    private final ClusterRouter router = new ClusterRouter(topology, true, scheduler);

    private RedisNode node(HostAndPort address, Runnable changed) {
        return new RedisNode(
                address.toString(),
                factory.to(new HostAndPort("127.0.0.1", SERVER.server().port())),
                Promises.PATIENCE,
                0,
                scheduler,
                changed,
                new LongAdder());
    }

    @BeforeEach
    void open() {
        SERVER.server().command("SET", "key", "value");
        assertThat(router.open()).succeedsWithin(Promises.PATIENCE);
    }

    @AfterEach
    void close() throws InterruptedException {
        router.close();
        factory.close(Duration.ofSeconds(2));
        scheduler.close();
    }

    @Test
    void readsFromThePrimaryWhatAReplicaRefusesThatHasJustLeft() {
        Call<Optional<String>> read = sentTo(OTHER, Command.GET);

        assertThat(router.redirect(read, RefusalReason.LOADING, LOADING)).isTrue();

        assertThat(read).succeedsWithin(Promises.PATIENCE).isEqualTo(Optional.of("value"));
    }

    @Test
    void passesARefusedReadOnOnce() {
        Call<Optional<String>> ofPrimary = sentTo(PRIMARY, Command.GET);
        Call<Optional<String>> redirected = sentTo(OTHER, Command.GET);
        redirected.repeats = 1;

        assertThat(router.redirect(ofPrimary, RefusalReason.LOADING, LOADING)).isFalse();
        assertThat(router.redirect(redirected, RefusalReason.LOADING, LOADING)).isFalse();
    }

    @Test
    void doesNotRunAScriptAgainOnTheNodeThatRepliedWithARedirectToNoHost() {
        String error = "MOVED " + ClusterSlot.of("key".getBytes(UTF_8)) + " ?:7002";
        Call<Optional<String>> script = sentTo(PRIMARY, Command.EVALSHA);

        assertThat(router.redirect(script, RefusalReason.MOVED, error)).isTrue();

        assertThat(script)
                .failsWithin(Promises.PATIENCE)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(RedisRefusedException.class)
                .withMessageContaining(error);
    }

    @Test
    void runsAScriptWhereItsSlotIsOnceTheTableSaysSo() {
        String error = "MOVED " + ClusterSlot.of("key".getBytes(UTF_8)) + " ?:7001";
        Call<Optional<String>> script = sentTo(OTHER, Command.EVALSHA);

        assertThat(router.redirect(script, RefusalReason.MOVED, error)).isTrue();

        assertThat(script).succeedsWithin(Promises.PATIENCE).isEqualTo(Optional.of("value"));
    }

    /** Returns a call as it is when {@code address} has replied to it. */
    private static Call<Optional<String>> sentTo(String address, Command command) {
        byte[] key = "key".getBytes(UTF_8);
        byte[][] arguments = command == Command.GET
                ? new byte[][] {Command.GET.getBytes(), key}
                : new byte[][] {
                    Command.EVAL.getBytes(),
                    "return redis.call('GET', KEYS[1])".getBytes(UTF_8),
                    LuaScript.argument(1),
                    key
                };
        Call<Optional<String>> call =
                new Call<>(command, arguments, key, new Reply.Value<>(Reply::text), CallOwner.NONE, System.nanoTime());
        call.connection = new Answering(address);
        assertThat(call.claim()).isTrue();
        return call;
    }

    /** A connection to the node at {@code address} that has just delivered a reply. */
    private record Answering(String address) implements CallConnection {

        @Override
        public void cutOff(String error) {}

        @Override
        public void missed(Call<?> call, boolean provesSilence) {}

        @Override
        public void forgotten(Call<?> call, LuaScript script) {}

        @Override
        public boolean isOfNode() {
            return true;
        }

        @Override
        public void close() {}
    }
}
