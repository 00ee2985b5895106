package dev.forge.redis.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.zip.CRC32;

/**
 * The form of the JSON of a type, as its mapper writes and reads it.
 *
 * @param text the names and types of all its parts; the same for two types with the same form of JSON, whatever the
 *     names of their classes
 * @param isFixed whether all values survive if one value does, because no value can omit a part or hold an object of a
 *     class other than the declared one
 * @param omits whether a property may be left out
 * @param unreadable why some of its types cannot be read, or empty
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
