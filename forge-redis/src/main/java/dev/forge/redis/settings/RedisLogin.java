package dev.forge.redis.settings;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The user name and password to log in with; the password is masked wherever this is shown.
 *
 * <p>A password in a file is read again on each connect, so that a rotated secret is picked up without a restart.
 *
 * <p>Immutable.
 */
public final class RedisLogin {

    /** No login, for a server that accepts everyone. */
    public static final RedisLogin NONE = new RedisLogin(null, null, null, null);

    private final @Nullable String username;
    private final @Nullable String password;
    private final @Nullable Path passwordFile;
    private final @Nullable Supplier<String> passwords;

    private RedisLogin(
            @Nullable String username,
            @Nullable String password,
            @Nullable Path passwordFile,
            @Nullable Supplier<String> passwords) {
        this.username = username;
        this.password = password;
        this.passwordFile = passwordFile;
        this.passwords = passwords;
    }

    /** Returns the login of {@code username}, or of the default user if it is null. */
    public static RedisLogin of(@Nullable String username, String password) {
        return new RedisLogin(username, requireNonNull(password, "password"), null, null);
    }

    /**
     * Returns the login of {@code username}, or of the default user if it is null, with the password in a file. One line
     * break after the password is not part of it; everything else is, including blanks. The file is read at each
     * connect, on the threads and within the time that {@link #ofProvider} describes.
     */
    public static RedisLogin ofFile(@Nullable String username, Path passwordFile) {
        Path file = requireNonNull(passwordFile, "passwordFile");
        return new RedisLogin(username, null, file, () -> read(file));
    }

    /**
     * Returns the login of {@code username}, or of the default user if it is null, with a password that
     * {@code passwords} supplies at each connect: for short-lived tokens. If it throws, the attempt to connect fails.
     *
     * <p>It may block: each call runs on its own daemon thread, {@code forge-redis-login-*}, and simultaneous connects share a call. A call
     * that has not returned within {@link RedisSettings#socketTimeout()} counts as failed and is interrupted; so is one under way when the
     * manager closes. The next attempt to connect calls again, unless three calls have still not returned. The direct client reconnects
     * with the last password that was returned, and calls again for the attempt after that.
     */
    public static RedisLogin ofProvider(@Nullable String username, Supplier<String> passwords) {
        return new RedisLogin(username, null, null, requireNonNull(passwords, "passwords"));
    }

    /** Returns whether there is no password to log in with. */
    public boolean isNone() {
        return password == null && passwords == null;
    }

    /** Returns the name of the user, or null for the default user. */
    @Nullable
    public String username() {
        return username;
    }

    /**
     * Returns the current password.
     *
     * @throws UncheckedIOException if its file cannot be read
     */
    char[] password() {
        if (passwords != null) {
            return passwords.get().toCharArray();
        }
        return password == null ? new char[0] : password.toCharArray();
    }

    /** Returns the password in {@code file}: its text without one line break at the end. */
    private static String read(Path file) {
        try {
            String text = Files.readString(file);
            if (text.endsWith("\r\n")) {
                return text.substring(0, text.length() - 2);
            }
            return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        } catch (IOException e) {
            throw new UncheckedIOException("the password file " + file + " cannot be read", e);
        }
    }

    /** Returns whether {@link #use} reads a file or calls a provider, and so may block. */
    public boolean isAskedFor() {
        return passwords != null;
    }

    /** Returns the result of {@code use} for the user, null for the default user, and the current password. */
    public <T> T use(BiFunction<@Nullable String, char[], T> use) {
        return use.apply(username, password());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RedisLogin login
                && Objects.equals(username, login.username)
                && Objects.equals(password, login.password)
                && Objects.equals(passwordFile, login.passwordFile)
                && (passwordFile != null || Objects.equals(passwords, login.passwords));
    }

    @Override
    public int hashCode() {
        return Objects.hash(username, passwordFile);
    }

    @Override
    public String toString() {
        if (isNone()) {
            return "none";
        }
        return (username == null ? "default user" : username)
                + (passwordFile == null ? ", password ***" : ", password from " + passwordFile);
    }
}
