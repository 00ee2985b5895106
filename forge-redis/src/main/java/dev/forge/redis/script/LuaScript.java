package dev.forge.redis.script;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A Lua script, which Redis runs atomically.
 *
 * <p>Each connection sends it in full once, and by its digest from then on. On a cluster all keys of one call must be
 * in the same slot.
 *
 * <p>A script may reply with any error except the exact text with which the server refuses a script that it has not
 * run, such as {@code NOSCRIPT No matching script}: the script would be run again.
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

    /** Returns the script {@code source}; {@link #toString()} returns {@code name}, failures name the key instead. */
    public static LuaScript of(String name, String source) {
        return new LuaScript(requireNonNull(name, "name"), source.getBytes(UTF_8));
    }

    /**
     * Returns the script in the resource {@code file} beside {@code owner}.
     *
     * @throws IllegalArgumentException if there is no such resource
     */
    public static LuaScript beside(Class<?> owner, String file) {
        return new LuaScript(file, resource(owner, file));
    }

    /**
     * Returns the script in the resource {@code file} beside {@code owner}, preceded by the resource {@code prelude}
     * beside it, which several scripts share. Redis gets both as one text, as {@code cat prelude file} prints them.
     *
     * @throws IllegalArgumentException if there is no such resource
     */
    public static LuaScript beside(Class<?> owner, String prelude, String file) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(resource(owner, prelude));
        whole.writeBytes(resource(owner, file));
        return new LuaScript(file, whole.toByteArray());
    }

    private static byte[] resource(Class<?> owner, String file) {
        try (InputStream resource = owner.getResourceAsStream(file)) {
            if (resource == null) {
                throw new IllegalArgumentException("there is no " + file + " beside " + owner.getName());
            }
            return resource.readAllBytes();
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

    /** Returns the text of the script. */
    public byte[] source() {
        return source;
    }

    /** Returns the SHA-1 of the script in hexadecimal, as {@code EVALSHA} takes it. */
    public byte[] digest() {
        return digest;
    }

    @Override
    public String toString() {
        return name;
    }

    /** Returns the same as {@code redis.sha1hex} in a script: a name for {@code bytes}, not a protection. */
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
