package dev.forge.redis.internal.transport;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.internal.tls.ExplainedException;
import dev.forge.redis.internal.tls.KeyMaterial;
import dev.forge.redis.internal.tls.Pem;
import dev.forge.redis.settings.ClientCertificate;
import dev.forge.redis.settings.RedisTls;
import dev.forge.redis.settings.TlsMaterial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The certificate and key files: read at each connect, and decoded again only when they have changed.
 *
 * <p>A provider in the settings takes their place, and is called at each connect. Files and providers are checked on
 * threads of their own, as {@link BoundedLookup} describes: a disk that hangs blocks neither the clock nor a caller.
 *
 * <p>Thread-safe.
 */
public final class TlsFiles {

    private final RedisTls tls;
    private final BoundedLookup<TlsTerms> lookup;

    private volatile Decoded latest = new Decoded(new byte[0][], null, List.of());

    /** What the files contained, and what that means; never changed. */
    @SuppressWarnings("ArrayRecordComponent") // no two are compared
    private record Decoded(byte[][] contents, @Nullable KeyMaterial own, List<X509Certificate> trusted) {}

    /** @param patience how long one check may take */
    public TlsFiles(RedisTls tls, Duration patience, Scheduler scheduler) {
        this.tls = tls;
        this.lookup = new BoundedLookup<>(
                tls.provider() == null ? "the content of the TLS files" : "the TLS material",
                "tls",
                this::terms,
                patience,
                scheduler);
    }

    /**
     * Checks on another thread that the files can be used; fails with what is wrong with them, or when that takes too
     * long. Never blocks.
     */
    public CompletableFuture<?> check() {
        return !tls.enabled() || (tls.caFile() == null && tls.certificate() == null && tls.provider() == null)
                ? CompletableFuture.completedFuture(null)
                : lookup.ask();
    }

    /** Ends a check under way, and checks no more. */
    public void close() {
        lookup.close();
    }

    /** Returns what the files or the provider have now; may block for any time. */
    public TlsTerms terms() throws IOException {
        Supplier<TlsMaterial> provider = tls.provider();
        if (provider != null) {
            return TlsTerms.of(requireNonNull(provider.get(), "what the provider supplies"));
        }
        // No lock: at worst two threads decode the same files.
        Decoded now = decoded(latest);
        latest = now;
        return TlsTerms.of(now.own(), now.trusted());
    }

    private Decoded decoded(Decoded before) throws IOException {
        Path caFile = tls.caFile();
        ClientCertificate certificate = tls.certificate();
        byte[][] contents = {
            content(caFile),
            content(certificate == null ? null : certificate.certificateFile()),
            content(certificate == null ? null : certificate.keyFile())
        };
        if (Arrays.deepEquals(before.contents(), contents)) {
            return before;
        }
        KeyMaterial own = certificate == null
                ? null
                : KeyMaterial.read(
                        certificate.certificateFile(),
                        contents[1],
                        certificate.keyFile(),
                        contents[2],
                        certificate.password());
        return new Decoded(contents, own, caFile == null ? List.of() : Pem.certificates(caFile, contents[0]));
    }

    private static byte[] content(@Nullable Path file) throws ExplainedException {
        try {
            return file == null ? new byte[0] : Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ExplainedException("the file " + file + " cannot be read", e);
        }
    }
}
