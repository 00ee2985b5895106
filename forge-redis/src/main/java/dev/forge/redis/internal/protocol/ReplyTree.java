package dev.forge.redis.internal.protocol;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes a value, or nested lists of values, from the pieces of a reply. Not thread-safe. */
final class ReplyTree {

    // A list grows as its elements arrive: the server, or a damaged reply, may state any number of them.
    private static final int MOST_AT_ONCE = 1_024;

    private @Nullable Object value;

    // The list that is being filled, how many elements it lacks, and the lists around it, rarely any.
    private @Nullable List<@Nullable Object> list;
    private int missing;
    private @Nullable Deque<Open> around;

    /** A list that waits for one of its elements to be filled. */
    private record Open(List<@Nullable Object> list, int missing) {}

    /** Returns what was added first and is not an element of another list. */
    @Nullable
    Object value() {
        return value;
    }

    /** Begins a list of {@code count} elements, which are added next; none if the count is not positive. */
    void begin(int count) {
        List<@Nullable Object> next = new ArrayList<>(Math.min(Math.max(count, 0), MOST_AT_ONCE));
        if (count <= 0) {
            add(next);
            return;
        }
        if (list != null) {
            if (around == null) {
                around = new ArrayDeque<>(2);
            }
            around.push(new Open(list, missing));
        }
        list = next;
        missing = count;
    }

    /** Adds one element, or the whole value if no list has begun. */
    void add(@Nullable Object element) {
        List<@Nullable Object> filling = list;
        if (filling == null) {
            value = element;
            return;
        }
        filling.add(element);
        missing--;
        if (missing > 0) {
            return;
        }
        Open outer = around == null ? null : around.poll();
        list = outer == null ? null : outer.list();
        missing = outer == null ? 0 : outer.missing();
        add(filling);
    }
}
