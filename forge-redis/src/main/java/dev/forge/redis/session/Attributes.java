package dev.forge.redis.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;

/** The rules for what a session may hold. */
final class Attributes {

    static final int MOST = 64;
    static final int LONGEST_NAME = 128;
    static final int LONGEST_USER = 256;

    /** The most characters in the names and values of one change. */
    static final int LARGEST = 16 * 1024;

    private Attributes() {}

    static void checkUser(String user) {
        checkUnicode("user", user);
        if (user.isBlank() || user.length() > LONGEST_USER) {
            throw new IllegalArgumentException(
                    "user must have from 1 to " + LONGEST_USER + " characters, but has " + user.length());
        }
    }

    static void check(Map<String, String> attributes) {
        if (attributes.size() > MOST) {
            throw new IllegalArgumentException(
                    "a session must have at most " + MOST + " attributes, but was given " + attributes.size());
        }
        int size = 0;
        for (Map.Entry<String, String> attribute : attributes.entrySet()) {
            String name = attribute.getKey();
            if (name.isBlank() || name.length() > LONGEST_NAME) {
                throw new IllegalArgumentException("the name of an attribute must have from 1 to " + LONGEST_NAME
                        + " characters, but has " + name.length());
            }
            checkUnicode("the name of an attribute", name);
            checkUnicode("the value of an attribute", attribute.getValue());
            size += name.length() + attribute.getValue().length();
        }
        if (size > LARGEST) {
            throw new IllegalArgumentException(
                    "the attributes of a session must have at most " + LARGEST + " characters, but have " + size);
        }
    }

    private static void checkUnicode(String what, String text) {
        if (!UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException(what + " must be valid Unicode, but holds half of a surrogate pair");
        }
    }
}
