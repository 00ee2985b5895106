package dev.forge.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.RedisEndpoint.HostAndPort;
import dev.forge.redis.test.EmbeddedRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OutboxTest {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Test
    void givesNobodyTheAnswerOfAnotherWhenACommandCannotBeWritten() throws Exception {
        try (EmbeddedRedis server = EmbeddedRedis.start()) {
            server.command("SET", "a", "value of a");
            server.command("SET", "b", "value of b");
            server.command("SET", "c", "value of c");
            ClientFactory factory = new ClientFactory(RedisSettings.of(server.url()));
            try {
                Outbox outbox = factory.dialer()
                        .to(new HostAndPort("127.0.0.1", server.port()), "Redis")
                        .connect(PATIENCE)
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS);
                outbox.open(() -> {});
                List<Call<Optional<String>>> calls = new ArrayList<>();

                // From the event loop, so that they travel together.
                CompletableFuture<Void> offered = offered(outbox, get("a")).thenAccept(answer -> {
                    calls.add(offered(outbox, get("b")));
                    offered(outbox, get(null));
                    calls.add(offered(outbox, get("c")));
                });
                offered.get(10, TimeUnit.SECONDS);

                assertThat(calls.get(0)).failsWithin(PATIENCE).withThrowableOfType(ExecutionException.class);
                assertThat(calls.get(1)).failsWithin(PATIENCE).withThrowableOfType(ExecutionException.class);
                assertThat(outbox.isOpen()).isFalse();
            } finally {
                factory.resources().shutdown(0, 1, TimeUnit.SECONDS).await();
            }
        }
    }

    private static Call<Optional<String>> offered(Outbox outbox, Call<Optional<String>> call) {
        assertThat(outbox.offer(call)).isTrue();
        return call;
    }

    /** Returns a GET, which cannot be written if there is no key. */
    @SuppressWarnings("NullAway") // that is what is tested
    private static Call<Optional<String>> get(String key) {
        byte[][] words = {Command.GET.getBytes(), key == null ? null : key.getBytes(US_ASCII)};
        return new Call<>(Command.GET, words, null, new Reply.Value<>(Reply::text), Call.Owner.NOBODY);
    }
}
