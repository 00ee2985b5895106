package dev.forge.redis.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.zip.CRC32;

/**
 * What the JSON of a type looks like, as its mapper writes and reads it.
 *
 * @param text the names and types of all its parts; the same for two types whose JSON is alike, whatever their classes are
 *     called
 * @param isFixed whether the JSON of each value gives it back if that of one value does, because nothing that depends on the value
 *     is left out or is of another class than it is declared
 * @param omits whether a property may be left out
 * @param unreadable why some of the types within it cannot be read, or nothing
 */
record Shape(String text, boolean isFixed, boolean omits, List<String> unreadable) {

    Shape {
        unreadable = List.copyOf(unreadable);
    }

    /** Returns the CRC-32 of the text, but never 0. */
    int fingerprint() {
        CRC32 sum = new CRC32();
        sum.update(text.getBytes(UTF_8));
        int value = (int) sum.getValue();
        return value == 0 ? 1 : value;
    }
}
