package dev.forge.redis.settings;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The certificate of this client for servers that demand one (mutual TLS), and its private key, in files.
 *
 * <p>The files are read again at each connect: a rotated certificate is used from the next connection on, without a
 * restart. While only one of two files has been replaced, connecting fails, and the next attempt reads them again.
 *
 * <p>Immutable. {@link #toString()} shows no password.
 */
public final class ClientCertificate {

    private final Path certificateFile;
    private final @Nullable Path keyFile;
    private final @Nullable String password;

    private ClientCertificate(Path certificateFile, @Nullable Path keyFile, @Nullable String password) {
        this.certificateFile = requireNonNull(certificateFile, "certificateFile");
        this.keyFile = keyFile;
        this.password = password;
    }

    /** Returns the certificate in a PEM file, followed by its chain up to the authority, and its key in another. */
    public static ClientCertificate ofPem(Path certificateFile, Path keyFile) {
        return new ClientCertificate(certificateFile, requireNonNull(keyFile, "keyFile"), null);
    }

    /**
     * Returns the certificate in a PEM file, followed by its chain up to the authority, and its key in another.
     *
     * @param keyPassword the password that the key is encrypted with (PKCS #8), or null if it is not
     */
    public static ClientCertificate ofPem(Path certificateFile, Path keyFile, @Nullable String keyPassword) {
        return new ClientCertificate(certificateFile, requireNonNull(keyFile, "keyFile"), keyPassword);
    }

    /** Returns the certificate and key in a PKCS #12 file ({@code .p12}), which holds one key. */
    public static ClientCertificate ofPkcs12(Path file, String password) {
        return new ClientCertificate(file, null, requireNonNull(password, "password"));
    }

    /** Returns the file with the certificate: PEM, or PKCS #12 if there is no {@link #keyFile()}. */
    public Path certificateFile() {
        return certificateFile;
    }

    /** Returns the PEM file with the key, or null if it is in the file of the certificate. */
    public @Nullable Path keyFile() {
        return keyFile;
    }

    /** Returns the password of the key or of the PKCS #12 file, or null if there is none. */
    @Nullable
    public String password() {
        return password;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClientCertificate that
                && certificateFile.equals(that.certificateFile)
                && Objects.equals(keyFile, that.keyFile)
                && Objects.equals(password, that.password);
    }

    @Override
    public int hashCode() {
        return Objects.hash(certificateFile, keyFile);
    }

    @Override
    public String toString() {
        return certificateFile
                + (keyFile == null ? "" : ", key " + keyFile)
                + (password == null ? "" : ", password ***");
    }
}
