package dev.forge.redis.internal.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of INFO by name; a field that is missing, or may not be read, is {@code unknown}. */
public record ServerInfo(Map<String, String> fields) {

    public static final String UNKNOWN = "unknown";

    public ServerInfo {
        fields = Map.copyOf(fields);
    }

    public static ServerInfo of(String info) {
        Map<String, String> fields = new HashMap<>();
        info.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1));
            }
        });
        return new ServerInfo(fields);
    }

    /** Returns the fields of a reply to HELLO, in which names and values alternate. */
    static ServerInfo ofHello(@Nullable Object reply) {
        List<?> parts = reply instanceof List<?> list ? list : List.of();
        Map<String, String> hello = new HashMap<>();
        for (int i = 0; i + 1 < parts.size(); i += 2) {
            if (parts.get(i) instanceof byte[] name) {
                Object value = parts.get(i + 1);
                hello.put(
                        new String(name, US_ASCII),
                        value instanceof byte[] text ? new String(text, US_ASCII) : String.valueOf(value));
            }
        }
        Map<String, String> fields = new HashMap<>();
        fields.put("proto", hello.getOrDefault("proto", UNKNOWN));
        String version = hello.getOrDefault("version", UNKNOWN);
        fields.put("valkey".equals(hello.get("server")) ? "valkey_version" : "redis_version", version);
        return new ServerInfo(fields);
    }

    public String text(String name) {
        return fields.getOrDefault(name, UNKNOWN);
    }

    /** Returns the number in the field {@code name}, or -1 if there is none. */
    public long number(String name) {
        String text = text(name);
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
    }

    public boolean isValkey() {
        return fields.containsKey("valkey_version");
    }

    /** Returns the version of the server itself; Valkey also states the version of Redis that it is compatible with. */
    public String version() {
        return isValkey() ? text("valkey_version") : text("redis_version");
    }

    /** Returns how the server runs: {@code standalone}, {@code sentinel} or {@code cluster}. Valkey has its own field. */
    public String mode() {
        return fields.containsKey("server_mode") ? text("server_mode") : text("redis_mode");
    }
}
