package dev.forge.redis.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.redis.ScriptReply;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a session, as the scripts reply them. What cannot be read is no session. */
final class Fields {

    private static final byte[] USER = "user".getBytes(UTF_8);
    private static final byte[] CREATED = "created".getBytes(UTF_8);
    private static final byte[] SEEN = "seen".getBytes(UTF_8);
    private static final byte[] ENDS = "ends".getBytes(UTF_8);
    private static final byte[] VERSION = "version".getBytes(UTF_8);

    private final Map<String, String> attributes = new HashMap<>();
    private @Nullable String user;
    private long created = -1;
    private long seen = -1;
    private long ends = -1;
    private long version;

    private Fields() {}

    /** Reads the session whose fields and values the reply begins with. */
    static Optional<Session> read(SessionId id, ScriptReply reply) {
        Fields fields = new Fields();
        try {
            for (int i = 0; i + 1 < reply.size(); i += 2) {
                fields.add(reply.bytesAt(i), reply.bytesAt(i + 1));
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

    private void add(byte[] field, byte[] value) {
        if (field.length > 1 && field[0] == 'a' && field[1] == ':') {
            attributes.put(new String(field, 2, field.length - 2, UTF_8), new String(value, UTF_8));
        } else if (Arrays.equals(field, USER)) {
            user = new String(value, UTF_8);
        } else if (Arrays.equals(field, CREATED)) {
            created = number(value);
        } else if (Arrays.equals(field, SEEN)) {
            seen = number(value);
        } else if (Arrays.equals(field, ENDS)) {
            ends = number(value);
        } else if (Arrays.equals(field, VERSION)) {
            version = number(value);
        }
        // A later version of this library may know more.
    }

    private static long number(byte[] digits) {
        return Long.parseLong(new String(digits, ISO_8859_1));
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
