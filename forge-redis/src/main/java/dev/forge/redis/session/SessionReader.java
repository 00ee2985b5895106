package dev.forge.redis.session;

import dev.forge.redis.script.ScriptReply;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a session as the scripts pack them; a session that cannot be read counts as missing. */
final class SessionReader {

    private static final String ATTRIBUTE = "a:";

    private final Map<String, String> attributes = new HashMap<>();
    private @Nullable String user;
    private long created = -1;
    private long seen = -1;
    private long ends = -1;
    private long version;

    private SessionReader() {}

    /** Reads the session in the reply of a script, if there is one. */
    static Optional<Session> read(SessionId id, ScriptReply reply) {
        return reply.asBytes().flatMap(fields -> read(id, new MessagePackReader(fields)));
    }

    /** Reads the session whose fields and values come next. */
    static Optional<Session> read(SessionId id, MessagePackReader packed) {
        return fields(packed).flatMap(fields -> fields.session(id));
    }

    /** Reads the session in the reply of a script, if there is one, without its id. */
    static Optional<SessionView> view(String digest, ScriptReply reply) {
        return reply.asBytes()
                .flatMap(packed -> fields(new MessagePackReader(packed)))
                .flatMap(fields -> fields.view(digest));
    }

    private static Optional<SessionReader> fields(MessagePackReader packed) {
        SessionReader fields = new SessionReader();
        try {
            for (int left = packed.list(); left > 0; left -= 2) {
                fields.add(packed.text(), packed.text());
            }
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
        return Optional.of(fields);
    }

    private void add(String field, String value) {
        switch (field) {
            case "user" -> user = value;
            case "created" -> created = Long.parseLong(value);
            case "seen" -> seen = Long.parseLong(value);
            case "ends" -> ends = Long.parseLong(value);
            case "version" -> version = Long.parseLong(value);
            default -> {
                // A later version of this library may store more fields.
                if (field.startsWith(ATTRIBUTE)) {
                    attributes.put(field.substring(ATTRIBUTE.length()), value);
                }
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

    private Optional<SessionView> view(String digest) {
        if (user == null || created < 0 || seen < 0 || ends < 0) {
            return Optional.empty();
        }
        return Optional.of(new SessionView(
                SessionView.handle(digest),
                user,
                attributes,
                Instant.ofEpochMilli(created),
                Instant.ofEpochMilli(seen),
                Instant.ofEpochMilli(ends)));
    }
}
