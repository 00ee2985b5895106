package dev.forge.redis;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The user name and password to log in with; shown masked everywhere.
 *
 * <p>A password in a file is read again on each connect, so that a rotated secret is picked up without a restart.
 *
 * <p>Immutable.
 */
public final class RedisLogin {

    /** No login: the server lets everybody in. */
    public static final RedisLogin NONE = new RedisLogin(null, null, null);

    private final @Nullable String username;
    private final @Nullable String password;
    private final @Nullable Path passwordFile;

    private RedisLogin(@Nullable String username, @Nullable String password, @Nullable Path passwordFile) {
        this.username = username;
        this.password = password;
        this.passwordFile = passwordFile;
    }

    /** Returns the login of {@code username}, or of the default user where it is null. */
    public static RedisLogin of(@Nullable String username, String password) {
        return new RedisLogin(username, requireNonNull(password, "password"), null);
    }

    /** Returns the login of {@code username}, or of the default user where it is null, with the password in a file. */
    public static RedisLogin ofFile(@Nullable String username, Path passwordFile) {
        return new RedisLogin(username, null, requireNonNull(passwordFile, "passwordFile"));
    }

    /** Returns whether there is nothing to log in with. */
    public boolean isNone() {
        return password == null && passwordFile == null;
    }

    @Nullable
    String username() {
        return username;
    }

    /**
     * Returns the password, without a line break at the end of its file.
     *
     * @throws UncheckedIOException if the file cannot be read
     */
    char[] password() {
        if (passwordFile == null) {
            return password == null ? new char[0] : password.toCharArray();
        }
        try {
            return Files.readString(passwordFile).stripTrailing().toCharArray();
        } catch (IOException e) {
            throw new UncheckedIOException("the password file " + passwordFile + " cannot be read", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RedisLogin login
                && Objects.equals(username, login.username)
                && Objects.equals(password, login.password)
                && Objects.equals(passwordFile, login.passwordFile);
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
