package dev.forge.redis.internal.deletion;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.redis.internal.digest.Sha256;
import dev.forge.redis.key.RedisKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The progress of a deletion, as a text that can be stored: {@code 1.<pattern>.<layout>.<cursor>,<cursor>}.
 *
 * @param pattern a digest of the pattern
 * @param layout a digest of the {@link KeyLayout}, because cursors are valid in no other
 * @param cursors for each node, in the order of their addresses, the cursor to continue at, or {@link #END}
 */
record ResumePoint(String pattern, String layout, List<String> cursors) {

    static final int DIGEST = 16;
    static final String START = "0";
    static final String END = "end";

    private static final Pattern FORM =
            Pattern.compile("1\\.[\\w-]{16}\\.[\\w-]{16}\\.(end|\\d{1,20})(,(end|\\d{1,20}))*");
    private static final int LONGEST = 64 * 1024;

    /** Returns the progress of a deletion of {@code keys} whose nodes are at {@code cursors}. */
    static ResumePoint at(KeySelection keys, KeyLayout layout, Map<String, String> cursors) {
        return new ResumePoint(
                digest(keys),
                layout.digest(),
                // A node that failed over meanwhile was not scanned.
                layout.addresses().stream()
                        .map(address -> cursors.getOrDefault(address, START))
                        .toList());
    }

    /**
     * Reads what {@link #toString()} has written.
     *
     * @throws IllegalArgumentException if the text is not a resume point, or is for other keys than {@code keys}
     */
    static ResumePoint read(String text, KeySelection keys) {
        if (text.length() > LONGEST || !FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "resume point must be one that a report has given, but was " + RedisKey.shown(text));
        }
        String[] parts = text.split("\\.", -1);
        if (!parts[1].equals(digest(keys))) {
            throw new IllegalArgumentException(
                    "resume point must be of the same pattern, but was " + RedisKey.shown(text));
        }
        return new ResumePoint(parts[1], parts[2], List.of(parts[3].split(",", -1)));
    }

    /** Returns the cursor of each node of {@code now}: the start if this point is of another layout. */
    Map<String, String> cursorsIn(KeyLayout now) {
        List<String> addresses = now.addresses();
        boolean valid = now.keepsCursors() && layout.equals(now.digest()) && addresses.size() == cursors.size();
        Map<String, String> from = new HashMap<>();
        for (int i = 0; i < addresses.size(); i++) {
            from.put(addresses.get(i), valid ? cursors.get(i) : START);
        }
        return from;
    }

    private static String digest(KeySelection keys) {
        return Sha256.text(Sha256.of(keys.id().getBytes(UTF_8))).substring(0, DIGEST);
    }

    @Override
    public String toString() {
        return String.join(".", List.of("1", pattern, layout, String.join(",", cursors)));
    }
}
