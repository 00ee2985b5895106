package dev.forge.redis.codec;

import java.lang.reflect.Array;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Compares a value with the value that was read back from its JSON.
 *
 * <p>Lists, sets, maps, arrays and optionals are the same if their elements are. Objects of the application are the
 * same if the properties that JSON writes are, and if they are also equal or all of their fields are the same. So an
 * {@code equals} that compares only an id, or that is missing, does not decide alone. Anything else is the same if it
 * is equal, or, where its class has no {@code equals}, if its JSON is.
 *
 * <p>For one comparison, on one thread.
 */
final class Sameness {

    // Larger sets are compared by their own equals alone: comparing all pairs takes quadratic time.
    private static final int LARGEST_SET = 1_000;

    private final JsonMapper mapper;
    private final ObjectState state;

    // Pairs that are the same, or are being compared further up: so that cyclic references terminate.
    private final Set<Pair> same = new HashSet<>();
    private final Deque<Pair> trail = new ArrayDeque<>();

    /** Two objects by identity, not by equality. */
    private record Pair(Object value, Object read) {

        @Override
        @SuppressWarnings("ReferenceEquality") // the same objects
        public boolean equals(@Nullable Object other) {
            return other instanceof Pair pair && pair.value == value && pair.read == read;
        }

        @Override
        public int hashCode() {
            return 31 * System.identityHashCode(value) + System.identityHashCode(read);
        }
    }

    Sameness(JsonMapper mapper) {
        this.mapper = mapper;
        this.state = new ObjectState(mapper);
    }

    /**
     * Returns where and how {@code read} differs from {@code value}, without their contents; or null if they are the
     * same.
     */
    @Nullable
    @SuppressWarnings("ReferenceEquality") // the same object needs no comparison
    String difference(@Nullable Object value, @Nullable Object read) {
        if (value == read) {
            return null;
        }
        if (value == null || read == null) {
            return value == null ? "null comes back as a " + name(read) : "a " + name(value) + " is missing";
        }
        Pair pair = new Pair(value, read);
        if (!same.add(pair)) {
            return null;
        }
        trail.push(pair);
        String difference = differenceOf(value, read);
        if (difference != null) {
            // Pairs that were found the same since then may have relied on this pair.
            while (same.contains(pair)) {
                same.remove(trail.pop());
            }
        }
        return difference;
    }

    private @Nullable String differenceOf(Object value, Object read) {
        if (value.getClass().isArray() && read.getClass() == value.getClass()) {
            return ofLists(elements(value), elements(read));
        }
        if (value instanceof List<?> list && read instanceof List<?> other) {
            return ofLists(list, other);
        }
        if (value instanceof Set<?> set && read instanceof Set<?> other) {
            return ofSets(set, other);
        }
        if (value instanceof Map<?, ?> map && read instanceof Map<?, ?> other) {
            return ofMaps(map, other);
        }
        if (value instanceof Map.Entry<?, ?> entry && read instanceof Map.Entry<?, ?> other) {
            return ofLists(
                    Arrays.asList(entry.getKey(), entry.getValue()), Arrays.asList(other.getKey(), other.getValue()));
        }
        if (value instanceof Collection<?> all
                && !(value instanceof Set)
                && !(value instanceof List)
                && read instanceof Collection<?> other
                && !(read instanceof Set)) {
            return ofLists(all, other);
        }
        if (value instanceof Optional<?> optional && read instanceof Optional<?> other) {
            return difference(optional.orElse(null), other.orElse(null));
        }
        if (value instanceof AtomicReference<?> reference && read instanceof AtomicReference<?> other) {
            return difference(reference.get(), other.get());
        }
        return ShapeWalk.isJdk(value.getClass()) || value instanceof Enum<?>
                ? ofScalars(value, read)
                : ofObjects(value, read);
    }

    private @Nullable String ofScalars(Object value, Object read) {
        if (value.equals(read)) {
            return null;
        }
        if (value.getClass() != read.getClass()) {
            return otherClass(value, read);
        }
        if (value instanceof Pattern pattern && read instanceof Pattern other && pattern.flags() != other.flags()) {
            return "a " + name(value) + " comes back with other flags";
        }
        boolean sameJson = !ObjectState.overridesEquals(value.getClass())
                && mapper.writeValueAsString(value).equals(mapper.writeValueAsString(read));
        return sameJson ? null : "a " + name(value) + " has another value";
    }

    private @Nullable String ofObjects(Object value, Object read) {
        Map<String, @Nullable Object> properties = state.properties(value);
        Map<String, @Nullable Object> others = state.properties(read);
        String difference = ofNamed(properties, others);
        if (difference == null && ObjectState.overridesEquals(value.getClass()) && value.equals(read)) {
            return null;
        }
        if (value.getClass() != read.getClass()) {
            return otherClass(value, read);
        }
        if (difference != null) {
            return difference;
        }
        Set<String> looked = new HashSet<>(properties.keySet());
        looked.addAll(state.ignored(value.getClass()));
        return ofNamed(state.fields(value, looked), state.fields(read, looked));
    }

    private static String otherClass(Object value, Object read) {
        return "a " + name(value) + " comes back as a " + name(read)
                + " (declare its class, in place of a type above it)";
    }

    private @Nullable String ofNamed(Map<String, @Nullable Object> values, Map<String, @Nullable Object> others) {
        for (Map.Entry<String, @Nullable Object> each : values.entrySet()) {
            String difference = others.containsKey(each.getKey())
                    ? difference(each.getValue(), others.get(each.getKey()))
                    : "it is missing";
            if (difference != null) {
                return at(each.getKey(), difference);
            }
        }
        return null;
    }

    private @Nullable String ofLists(Collection<?> list, Collection<?> other) {
        if (list.size() != other.size()) {
            return other.size() + " elements instead of " + list.size();
        }
        Iterator<?> others = other.iterator();
        int index = 0;
        for (Object each : list) {
            String difference = difference(each, others.next());
            if (difference != null) {
                return at(String.valueOf(index), difference);
            }
            index++;
        }
        return null;
    }

    private @Nullable String ofSets(Set<?> set, Set<?> other) {
        if (set.size() != other.size()) {
            return other.size() + " elements instead of " + set.size();
        }
        if (set.size() > LARGEST_SET) {
            return set.equals(other) ? null : "an element differs";
        }
        // Usually they are in the same order.
        if (ofLists(set, other) == null) {
            return null;
        }
        List<@Nullable Object> left = new ArrayList<>(other);
        for (Object each : set) {
            boolean found = false;
            for (Iterator<@Nullable Object> candidates = left.iterator(); !found && candidates.hasNext(); ) {
                found = difference(each, candidates.next()) == null;
                if (found) {
                    candidates.remove();
                }
            }
            if (!found) {
                return "an element differs, a " + name(each);
            }
        }
        return null;
    }

    private @Nullable String ofMaps(Map<?, ?> map, Map<?, ?> other) {
        if (map.size() != other.size()) {
            return other.size() + " entries instead of " + map.size();
        }
        for (Map.Entry<?, ?> each : map.entrySet()) {
            Object key = each.getKey();
            if (!other.containsKey(key)) {
                return "a key is missing, a " + name(key);
            }
            String difference = difference(each.getValue(), other.get(key));
            if (difference != null) {
                // The key may be as secret as the value.
                return at("a value", difference);
            }
        }
        return null;
    }

    private static List<@Nullable Object> elements(Object array) {
        List<@Nullable Object> elements = new ArrayList<>();
        for (int i = 0; i < Array.getLength(array); i++) {
            elements.add(Array.get(array, i));
        }
        return elements;
    }

    private static String at(String place, String difference) {
        return place + (difference.matches("(?s)[^ ]+: .*") ? "." : ": ") + difference;
    }

    private static String name(@Nullable Object value) {
        return value == null ? "null" : value.getClass().getName();
    }
}
