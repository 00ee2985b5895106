package dev.forge.redis.session;

import dev.forge.redis.script.LuaScript;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What is to be done to the attributes of a session: the end of the arguments of use.lua and put.lua.
 *
 * @param version the version that the session must have, or nothing for any
 * @param removals how many names follow, or -1 for all that there are
 * @param words the names to remove, then name and value of each attribute to set
 */
record Change(String version, int removals, List<String> words) {

    private static final byte[] NOTHING = {};
    private static final byte[] MOST = LuaScript.argument(Attributes.MOST);
    private static final byte[] LARGEST = LuaScript.argument(Attributes.LARGEST);

    static final Change NONE = new Change("", 0, List.of());

    /** Sets {@code attributes} after it has removed {@code names}. */
    static Change merge(Map<String, String> attributes, Collection<String> names) {
        Attributes.check(attributes);
        List<String> words = new ArrayList<>(names.size() + 2 * attributes.size());
        words.addAll(names);
        addTo(words, attributes);
        return new Change("", names.size(), words);
    }

    /** Whatever it holds, it is to hold {@code attributes} and nothing else. */
    static Change replace(Map<String, String> attributes) {
        return replace("", attributes);
    }

    /** The same, if nobody has changed it since it was {@code session}. */
    static Change save(Session session) {
        Attributes.check(session.attributes());
        return replace(Long.toString(session.version()), session.attributes());
    }

    private static Change replace(String version, Map<String, String> attributes) {
        List<String> words = new ArrayList<>(2 * attributes.size());
        addTo(words, attributes);
        return new Change(version, -1, words);
    }

    /** Returns the arguments of the scripts; {@code limits} are the first two of them, and all that there are without a change. */
    List<byte[]> arguments(List<byte[]> limits) {
        if (removals == 0 && words.isEmpty()) {
            return limits;
        }
        List<byte[]> args = new ArrayList<>(6 + words.size());
        args.addAll(limits);
        args.add(version.isEmpty() ? NOTHING : LuaScript.argument(version));
        args.add(MOST);
        args.add(LARGEST);
        args.add(LuaScript.argument(removals));
        for (String word : words) {
            args.add(LuaScript.argument(word));
        }
        return args;
    }

    private static void addTo(List<String> words, Map<String, String> attributes) {
        attributes.forEach((name, value) -> {
            words.add(name);
            words.add(value);
        });
    }
}
