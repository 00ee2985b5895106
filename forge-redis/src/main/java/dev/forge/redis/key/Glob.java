package dev.forge.redis.key;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A glob as Redis reads it: a sequence of stars, and of sets of bytes, each of which matches one byte.
 *
 * <p>Keys of a {@link Keyspace} are encoded, so one byte of a key may be three bytes in Redis. No glob can express that
 * for only some bytes of a set, so the glob for encoded keys may match too much, but never too little.
 */
final class Glob {

    private static final String STAR = "*";
    private static final BitSet ENCODED = new BitSet();
    private static final BitSet HEX_DIGITS = new BitSet();

    static {
        for (char c = 0; c < 0x80; c++) {
            if (!RedisKey.encoded(String.valueOf(c)).equals(String.valueOf(c))) {
                ENCODED.set(c);
            }
        }
        "0123456789ABCDEF".chars().forEach(HEX_DIGITS::set);
    }

    /** The bytes of the glob in UTF-8, each as one character. */
    private final String source;

    private final List<Element> elements = new ArrayList<>();
    private boolean complete = true;

    private Glob(String glob) {
        source = new String(glob.getBytes(UTF_8), ISO_8859_1);
        int next = 0;
        while (next < source.length()) {
            next = read(next);
        }
    }

    /** A star, or the set of bytes that match; {@code text} is its source. */
    private record Element(BitSet bytes, String text) {

        boolean isStar() {
            return text.equals(STAR);
        }

        /** Returns whether no glob matches exactly these bytes in their encoded form. */
        boolean needsStar() {
            return !isStar() && bytes.intersects(ENCODED) && bytes.cardinality() > 1;
        }

        String encoded() {
            if (isStar() || !bytes.intersects(ENCODED)) {
                return text;
            }
            return needsStar() ? STAR : RedisKey.encoded(String.valueOf((char) bytes.nextSetBit(0)));
        }
    }

    static Glob of(String glob) {
        return new Glob(glob);
    }

    /** Returns whether the glob ends neither within brackets nor after a backslash that escapes nothing. */
    boolean isComplete() {
        return complete;
    }

    /** Returns whether {@code text} matches. */
    boolean matches(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        int at = 0;
        int next = 0;
        int behindStar = -1;
        int taken = 0;
        while (at < bytes.length) {
            if (next < elements.size() && elements.get(next).isStar()) {
                behindStar = ++next;
                taken = at;
            } else if (next < elements.size() && elements.get(next).bytes().get(bytes[at] & 0xff)) {
                at++;
                next++;
            } else if (behindStar >= 0) {
                // Only the last star may have to match more: everything before it is matched as early as possible.
                next = behindStar;
                at = ++taken;
            } else {
                return false;
            }
        }
        return elements.subList(next, elements.size()).stream().allMatch(Element::isStar);
    }

    /** Returns a glob that matches all encoded texts whose plain text matches, and perhaps others. */
    String encoded() {
        StringBuilder encoded = new StringBuilder();
        boolean behindStar = false;
        for (Element element : elements) {
            String text = element.encoded();
            boolean star = text.equals(STAR);
            if (!star || !behindStar) {
                encoded.append(text);
            }
            behindStar = star;
        }
        return new String(encoded.toString().getBytes(ISO_8859_1), UTF_8);
    }

    /** Returns whether {@link #encoded} matches no others. */
    boolean isExactlyEncoded() {
        boolean behindStar = false;
        for (Element element : elements) {
            // A star can end within an encoded character, whose rest may look like what follows.
            if (element.needsStar()
                    || (behindStar && !element.isStar() && element.bytes().intersects(HEX_DIGITS))) {
                return false;
            }
            behindStar = element.isStar();
        }
        return true;
    }

    /** Reads the element at {@code start}; returns where the next one starts. */
    private int read(int start) {
        BitSet bytes = new BitSet();
        int end = start + 1;
        switch (source.charAt(start)) {
            case '*', '?' -> bytes.set(0, 0x100);
            case '[' -> end = readBrackets(end, bytes);
            case '\\' -> {
                complete = end < source.length();
                bytes.set(source.charAt(complete ? end++ : start));
            }
            default -> bytes.set(source.charAt(start));
        }
        elements.add(new Element(bytes, source.substring(start, end)));
        return end;
    }

    /** Reads the set after an opening bracket into {@code bytes}; returns where the brackets end. */
    private int readBrackets(int start, BitSet bytes) {
        int length = source.length();
        boolean not = start < length && source.charAt(start) == '^';
        int i = not ? start + 1 : start;
        while (i < length && source.charAt(i) != ']') {
            char c = source.charAt(i);
            if (c == '\\' && i + 1 < length) {
                bytes.set(source.charAt(i + 1));
                i += 2;
            } else if (i + 2 < length && source.charAt(i + 1) == '-') {
                // As in Redis, this may even be the closing bracket.
                char last = source.charAt(i + 2);
                bytes.set(Math.min(c, last), Math.max(c, last) + 1);
                i += 3;
            } else {
                bytes.set(c);
                i++;
            }
        }
        if (not) {
            bytes.flip(0, 0x100);
        }
        complete = i < length;
        return Math.min(i + 1, length);
    }
}
