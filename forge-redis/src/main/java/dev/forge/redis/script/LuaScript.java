package dev.forge.redis.script;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A Lua script that Redis runs as one step.
 *
 * <p>Each connection sends it in full once, and then by its digest. All keys of one call must be in one
 * slot of a cluster.
 *
 * <p>Immutable.
 */
public final class LuaScript {

    private final String name;
    private final byte[] source;
    private final byte[] digest;

    private LuaScript(String name, byte[] source) {
        this.name = name;
        this.source = source;
        this.digest = sha1Hex(source);
    }

    /** Returns the script {@code source}; {@code name} is what failures call it. */
    public static LuaScript of(String name, String source) {
        return new LuaScript(requireNonNull(name, "name"), source.getBytes(UTF_8));
    }

    /**
     * Returns the script in the resource {@code file} beside {@code owner}.
     *
     * @throws IllegalArgumentException if there is no such resource
     */
    public static LuaScript beside(Class<?> owner, String file) {
        try (InputStream resource = owner.getResourceAsStream(file)) {
            if (resource == null) {
                throw new IllegalArgumentException("there is no " + file + " beside " + owner.getName());
            }
            return new LuaScript(file, resource.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + " beside " + owner.getName(), e);
        }
    }

    /** Returns {@code number} as an argument of a script. */
    public static byte[] argument(long number) {
        return argument(Long.toString(number));
    }

    /** Returns {@code text} as an argument of a script. */
    public static byte[] argument(String text) {
        return text.getBytes(UTF_8);
    }

    public byte[] source() {
        return source;
    }

    public byte[] digest() {
        return digest;
    }

    @Override
    public String toString() {
        return name;
    }

    /** Returns what {@code redis.sha1hex} gives a script for {@code bytes}: a name for them, which protects nothing. */
    public static byte[] sha1Hex(byte[] bytes) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(bytes))
                    .getBytes(UTF_8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-1", e);
        }
    }
}
