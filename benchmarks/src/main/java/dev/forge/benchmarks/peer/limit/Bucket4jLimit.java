package dev.forge.benchmarks.peer.limit;

import dev.forge.benchmarks.peer.LettuceClient;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.util.function.Supplier;

/** Bucket4j over Lettuce, which reads a bucket, and writes it if no other client has meanwhile. */
final class Bucket4jLimit implements LimitPeer {
    private final LettuceClient client;
    private final ProxyManager<String> buckets;
    private final Supplier<BucketConfiguration> configuration;
    private final String prefix;

    Bucket4jLimit(int port, int permits, Duration period) {
        client = new LettuceClient(port);
        buckets = Bucket4jLettuce.casBasedBuilder(
                        client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE)))
                .build();
        BucketConfiguration bucket = BucketConfiguration.builder()
                .addLimit(limit -> limit.capacity(permits).refillGreedy(permits, period))
                .build();
        configuration = () -> bucket;
        prefix = "bucket4j:" + permits + ":";
    }

    @Override
    public boolean tryAcquire(String subject) {
        return buckets.getProxy(prefix + subject, configuration).tryConsume(1);
    }

    @Override
    public void close() {
        client.close();
    }
}
