package dev.forge.redis.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.redis.ScriptReply;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a session, as the scripts reply them. What cannot be read is no session. */
final class Fields {

    private final Map<String, String> attributes = new HashMap<>();
    private @Nullable String user;
    private long created = -1;
    private long seen = -1;
    private long ends = -1;
    private long version;

    private Fields() {}

    /** Reads a session whose first field is element {@code first} of the reply. */
    static Optional<Session> read(SessionId id, ScriptReply reply, int first) {
        Fields fields = new Fields();
        try {
            for (int i = first; i + 1 < reply.size(); i += 2) {
                fields.add(reply.bytesAt(i), new String(reply.bytesAt(i + 1), UTF_8));
            }
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
        return fields.session(id);
    }

    /** Returns the time that {@code text} says, or nothing. */
    static Optional<Instant> time(String text) {
        try {
            return Optional.of(Instant.ofEpochMilli(Long.parseLong(text)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private void add(byte[] field, String value) {
        if (field.length > 1 && field[0] == 'a' && field[1] == ':') {
            attributes.put(new String(field, 2, field.length - 2, UTF_8), value);
            return;
        }
        switch (new String(field, UTF_8)) {
            case "user" -> user = value;
            case "created" -> created = Long.parseLong(value);
            case "seen" -> seen = Long.parseLong(value);
            case "ends" -> ends = Long.parseLong(value);
            case "version" -> version = Long.parseLong(value);
            default -> {
                // A later version of this library may know more.
            }
        }
    }

    private Optional<Session> session(SessionId id) {
        if (user == null || created < 0 || seen < 0 || ends < 0) {
            return Optional.empty();
        }
        return Optional.of(new Session(
                id,
                user,
                attributes,
                Instant.ofEpochMilli(created),
                Instant.ofEpochMilli(seen),
                Instant.ofEpochMilli(ends),
                version));
    }
}
