package dev.forge.redis.key;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.forge.redis.internal.digest.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A namespace of keys, such as those of one cache, which no key of another namespace can enter.
 *
 * <p>The key {@code 42} of the keyspace {@code user:profile} is {@code user:profile::42} in Redis. A name cannot hold a
 * double colon, so the first one ends the name. The rest is encoded as by {@link RedisKey}, except for colons. So
 * different names or different keys always give different keys in Redis.
 *
 * @param name words of letters, digits, {@code -}, {@code _} and {@code .}, joined by single colons; at most 128
 *     characters
 */
public record Keyspace(String name) {

    private static final int MAX_CHARACTERS = 128;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]+(:[A-Za-z0-9_.-]+)*");

    /** Checks the name. */
    public Keyspace {
        requireNonNull(name, "name");
        if (name.length() > MAX_CHARACTERS) {
            throw new IllegalArgumentException("name must have at most " + MAX_CHARACTERS + " characters, but has "
                    + name.length() + ": " + RedisKey.shown(name));
        }
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "name must be words of letters, digits, '-', '_' and '.' joined by single colons, but was "
                            + (name.isEmpty() ? "empty" : RedisKey.shown(name)));
        }
    }

    /** Returns the key in Redis, without the prefix of the settings, for {@code key} of this keyspace. */
    public String key(String key) {
        if (requireNonNull(key, "key").isEmpty()) {
            throw new IllegalArgumentException("key of " + name + " must not be empty");
        }
        return name + "::" + RedisKey.encoded(key);
    }

    /**
     * Returns the key of this keyspace whose key in Redis is {@code redisKey}, without the prefix of the settings; or
     * nothing if there is none. This is the inverse of {@link #key}.
     */
    public Optional<String> keyIn(String redisKey) {
        int start = name.length() + 2;
        if (redisKey.length() <= start || !redisKey.startsWith(name) || !redisKey.startsWith("::", name.length())) {
            return Optional.empty();
        }
        return RedisKey.decoded(redisKey.substring(start));
    }

    /** Returns the bytes of the keys in Redis, with {@code prefix}, for {@code keys} of this keyspace. */
    public List<byte[]> allBytes(String prefix, List<String> keys) {
        byte[] front = (prefix + name + "::").getBytes(UTF_8);
        List<byte[]> all = new ArrayList<>(keys.size());
        for (String key : keys) {
            byte[] plain = RedisKey.plainBytes(front, key);
            all.add(plain == null ? RedisKey.bytes(prefix, key(key)) : plain);
        }
        return all;
    }

    /**
     * Returns the key in Redis for {@code secret}: its SHA-256, from which the secret cannot be derived.
     *
     * <p>All such keys have the same length, whatever the length of the secret.
     *
     * @throws IllegalArgumentException if the secret is not valid Unicode: different secrets would have the same hash
     */
    public String hashedKey(String secret) {
        if (!RedisKey.isUnicode(secret)) {
            throw new IllegalArgumentException("secret must be valid Unicode, but holds half of a surrogate pair");
        }
        return key(Sha256.text(Sha256.of(secret.getBytes(UTF_8))));
    }

    /**
     * Returns a pattern in Redis for {@code pattern} over the keys of this keyspace. It matches all of these keys that
     * match, and no others if {@link #isExactGlob}.
     */
    public String glob(String prefix, KeyPattern pattern) {
        return KeyPattern.escaped(prefix + name + "::") + pattern.encodedGlob();
    }

    /**
     * Returns whether {@link #glob} matches no key that {@code pattern} does not match. If not, check keys with {@link
     * #keyIn} and {@link KeyPattern#matches}: some characters of a key are encoded as three.
     */
    public static boolean isExactGlob(KeyPattern pattern) {
        return pattern.isExactlyEncoded();
    }

    /** Returns the pattern in Redis for every key of this keyspace. */
    public String wholeGlob(String prefix) {
        return KeyPattern.escaped(prefix + name + "::") + "*";
    }
}
