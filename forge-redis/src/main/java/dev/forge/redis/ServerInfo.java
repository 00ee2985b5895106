package dev.forge.redis;

import java.util.HashMap;
import java.util.Map;

/** What INFO says, by name; what it does not say, or was not allowed to, is unknown. */
record ServerInfo(Map<String, String> fields) {

    static final String UNKNOWN = "unknown";

    ServerInfo {
        fields = Map.copyOf(fields);
    }

    static ServerInfo of(String info) {
        Map<String, String> fields = new HashMap<>();
        info.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1));
            }
        });
        return new ServerInfo(fields);
    }

    String text(String name) {
        return fields.getOrDefault(name, UNKNOWN);
    }

    /** Returns the number called {@code name}, or -1. */
    long number(String name) {
        String text = text(name);
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
    }

    boolean isValkey() {
        return fields.containsKey("valkey_version");
    }

    /** Returns the version of the server; Valkey also states that of the Redis which it is compatible with. */
    String version() {
        return isValkey() ? text("valkey_version") : text("redis_version");
    }
}
