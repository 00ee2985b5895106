package dev.forge.redis.spring.embedded;

import dev.forge.redis.settings.RedisLogin;
import dev.forge.redis.spring.connection.ForgeConnectionDetails;
import dev.forge.redis.test.EmbeddedRedis;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/** Where an embedded server is, for Forge. */
final class EmbeddedRedisDetails implements ForgeConnectionDetails {

    private final EmbeddedRedis server;

    EmbeddedRedisDetails(EmbeddedRedis server) {
        this.server = server;
    }

    @Override
    public String url() {
        return server.url();
    }

    @Override
    public RedisLogin login() {
        return server.password().map(password -> RedisLogin.of(null, password)).orElse(RedisLogin.NONE);
    }

    @Override
    public @Nullable SslBundle sslBundle() {
        return trusting(server);
    }

    /** Returns a bundle that trusts the certificate of {@code server}, or null if that does not speak TLS. */
    static @Nullable SslBundle trusting(EmbeddedRedis server) {
        return server.authority().map(EmbeddedRedisDetails::trusting).orElse(null);
    }

    private static SslBundle trusting(Path authority) {
        return SslBundle.of(new PemSslStoreBundle(
                null, PemSslStoreDetails.forCertificate(authority.toUri().toString())));
    }
}
