package dev.forge.redis.session;

import dev.forge.redis.key.RedisKey;
import dev.forge.redis.script.LuaScript;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * A change of the attributes of a session: the last arguments of use.lua and put.lua.
 *
 * @param version the version that the session must have, or empty for any
 * @param removals how many names to remove follow, or -1 for all attributes
 * @param texts the names to remove, then name and value of each attribute to set
 */
record Change(String version, int removals, List<String> texts) {

    private static final byte[] NOTHING = {};
    private static final byte[] MOST = LuaScript.argument(Attributes.MOST);

    static final Change NONE = new Change("", 0, List.of());

    /** Removes {@code names}, then sets {@code attributes}. */
    static Change merge(Map<String, String> attributes, Collection<String> names, int maxBytes) {
        Attributes.check(attributes, maxBytes);
        // In UTF-8 any other name would become that of another attribute.
        List<String> removals = names.stream().filter(RedisKey::isUnicode).toList();
        List<String> texts = new ArrayList<>(removals.size() + 2 * attributes.size());
        texts.addAll(removals);
        addTo(texts, attributes);
        return new Change("", removals.size(), texts);
    }

    /** Replaces all attributes by {@code attributes}. */
    static Change replace(Map<String, String> attributes) {
        return replace("", attributes);
    }

    /** Replaces all attributes by those of {@code session}, if its version is still the current one. */
    static Change save(Session session, int maxBytes) {
        Attributes.check(session.attributes(), maxBytes);
        return replace(Long.toString(session.version()), session.attributes());
    }

    private static Change replace(String version, Map<String, String> attributes) {
        List<String> texts = new ArrayList<>(2 * attributes.size());
        addTo(texts, attributes);
        return new Change(version, -1, texts);
    }

    /** Returns the arguments of the scripts: the two {@code timeouts}, and then the change if there is one. */
    List<byte[]> arguments(List<byte[]> timeouts, int maxBytes) {
        if (removals == 0 && texts.isEmpty()) {
            return timeouts;
        }
        List<byte[]> args = new ArrayList<>(6 + texts.size());
        args.addAll(timeouts);
        args.add(version.isEmpty() ? NOTHING : LuaScript.argument(version));
        args.add(MOST);
        args.add(LuaScript.argument(maxBytes));
        args.add(LuaScript.argument(removals));
        for (String text : texts) {
            args.add(LuaScript.argument(text));
        }
        return args;
    }

    private static void addTo(List<String> texts, Map<String, String> attributes) {
        attributes.forEach((name, value) -> {
            texts.add(name);
            texts.add(value);
        });
    }
}
