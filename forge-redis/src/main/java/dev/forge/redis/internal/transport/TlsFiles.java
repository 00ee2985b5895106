package dev.forge.redis.internal.transport;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.internal.tls.ExplainedException;
import dev.forge.redis.internal.tls.KeyMaterial;
import dev.forge.redis.internal.tls.Pem;
import dev.forge.redis.settings.ClientCertificate;
import dev.forge.redis.settings.RedisTls;
import dev.forge.redis.settings.TlsMaterial;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The certificate and key files: read at each connect, and decoded again only when they have changed.
 *
 * <p>A provider in the settings takes their place, and is called at each connect.
 *
 * <p>Thread-safe.
 */
public final class TlsFiles {

    private final RedisTls tls;
    private final Executor background;

    // Guarded by this.
    private @Nullable CompletableFuture<Void> checking;
    private byte[][] contents = {};
    private List<X509Certificate> trusted = List.of();
    private @Nullable KeyMaterial own;

    /** @param background runs tasks that may block */
    public TlsFiles(RedisTls tls, Executor background) {
        this.tls = tls;
        this.background = background;
    }

    /** Checks on a background thread that the files can be used; fails with what is wrong with them. */
    public synchronized CompletionStage<Void> check() {
        if (!tls.enabled() || (tls.caFile() == null && tls.certificate() == null && tls.provider() == null)) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> current = checking;
        if (current == null || current.isDone()) {
            // One check at a time: otherwise each attempt that waits for a slow disk would hold a thread.
            Supplier<TlsMaterial> provider = tls.provider();
            Runnable attempt =
                    provider == null ? this::read : () -> requireNonNull(provider.get(), "what the provider supplies");
            current = CompletableFuture.runAsync(attempt, background);
            checking = current;
        }
        return current;
    }

    /** Returns what the files or the provider have now; may block. */
    public TlsTerms terms() throws IOException {
        Supplier<TlsMaterial> provider = tls.provider();
        return provider == null ? ofFiles() : TlsTerms.of(provider.get());
    }

    private synchronized TlsTerms ofFiles() throws IOException {
        read();
        return TlsTerms.of(own, trusted);
    }

    private synchronized void read() {
        try {
            ClientCertificate certificate = tls.certificate();
            byte[][] now = {
                content(tls.caFile()),
                content(certificate == null ? null : certificate.certificateFile()),
                content(certificate == null ? null : certificate.keyFile())
            };
            if (Arrays.deepEquals(contents, now)) {
                return;
            }
            List<X509Certificate> authorities =
                    tls.caFile() == null ? List.of() : Pem.certificates(tls.caFile(), now[0]);
            own = certificate == null
                    ? null
                    : KeyMaterial.read(
                            certificate.certificateFile(),
                            now[1],
                            certificate.keyFile(),
                            now[2],
                            certificate.password());
            trusted = authorities;
            contents = now;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] content(@Nullable Path file) throws ExplainedException {
        try {
            return file == null ? new byte[0] : Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ExplainedException("the file " + file + " cannot be read", e);
        }
    }
}
