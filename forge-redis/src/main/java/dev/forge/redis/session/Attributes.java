package dev.forge.redis.session;

import dev.forge.redis.key.RedisKey;
import java.util.Map;

/** The limits on the user and the attributes of a session. */
final class Attributes {

    static final int MOST = 64;
    static final int LONGEST_NAME = 128;

    private Attributes() {}

    static void checkUser(String user) {
        if (user.isBlank() || user.length() > Session.LONGEST_USER) {
            throw new IllegalArgumentException(
                    "user must have from 1 to " + Session.LONGEST_USER + " characters, but has " + user.length());
        }
        if (!RedisKey.isUnicode(user)) {
            // In UTF-8 it would equal other users, and share their list of sessions.
            throw new IllegalArgumentException("user must be valid Unicode, but holds half of a surrogate pair");
        }
    }

    /** Checks names, values and number of {@code attributes}, and that they have at most {@code most} bytes. */
    static void check(Map<String, String> attributes, int most) {
        int size = 0;
        for (Map.Entry<String, String> attribute : attributes.entrySet()) {
            String name = attribute.getKey();
            if (name.isBlank() || name.length() > LONGEST_NAME) {
                throw new IllegalArgumentException("the name of an attribute must have from 1 to " + LONGEST_NAME
                        + " characters, but has " + name.length());
            }
            size += utf8Length("the name of an attribute", name, most)
                    + utf8Length("the value of an attribute", attribute.getValue(), most);
            // Stop before the sum can overflow.
            if (size > most) {
                break;
            }
        }
        if (attributes.size() > MOST || size > most) {
            throw tooMuch(attributes.size(), size, most);
        }
    }

    /** Returns the failure for attributes that would be too many, or have too many bytes. */
    static IllegalArgumentException tooMuch(long count, long size, int most) {
        return new IllegalArgumentException(
                count > MOST
                        ? "a session must have at most " + MOST + " attributes, but would have " + count
                        : "the attributes of a session must have at most " + most + " bytes, but would have at least "
                                + size);
    }

    /** Counts the bytes of UTF-8 without encoding, until there are more than {@code most}. */
    private static int utf8Length(String what, String text, int most) {
        int bytes = 0;
        for (int i = 0; i < text.length() && bytes <= most; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                bytes += 1;
            } else if (c < 0x800) {
                bytes += 2;
            } else if (!Character.isSurrogate(c)) {
                bytes += 3;
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else {
                throw new IllegalArgumentException(what + " must be valid Unicode, but holds half of a surrogate pair");
            }
        }
        return bytes;
    }
}
