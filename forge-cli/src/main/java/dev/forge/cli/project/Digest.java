package dev.forge.cli.project;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Hashes, as lower-case hexadecimal digits. */
final class Digest {
    private Digest() {}

    static String sha256(byte[] content) {
        return hex(of("SHA-256").digest(content));
    }

    /** The algorithm of Maven's checksum files. It guards against damage in transit, not against an attacker. */
    static String sha1(byte[] content) {
        return hex(of("SHA-1").digest(content));
    }

    static MessageDigest of(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has " + algorithm, e);
        }
    }

    static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }
}
