package dev.forge.redis.health;

import static java.util.Objects.requireNonNull;

/**
 * One problem that {@link dev.forge.redis.RedisManager#diagnoseSync()} found, and what to do about it.
 *
 * @param code what kind of problem it is
 * @param severity how much it matters
 * @param what what was seen, in one sentence
 * @param why why that causes trouble, now or later
 * @param todo what to type, line by line, with advice on what to choose
 */
public record Finding(Code code, Severity severity, String what, String why, String todo) {

    /** Checks that nothing is missing. */
    public Finding {
        requireNonNull(code, "code");
        requireNonNull(severity, "severity");
        requireNonNull(what, "what");
        requireNonNull(why, "why");
        requireNonNull(todo, "todo");
    }

    /** How much a finding matters, the least first. */
    public enum Severity {
        /** Good to know. */
        NOTE,
        /** It will cause trouble some day. */
        WARNING,
        /** It causes trouble now, or lets intruders in. */
        SEVERE
    }

    /** The kinds of findings. */
    public enum Code {
        /** Redis does not answer, so nothing could be checked. */
        UNREACHABLE,
        /** Something could not be checked; nothing is known about it. */
        NOT_CHECKED,
        /** The server may use all the memory of its machine. */
        NO_MEMORY_LIMIT,
        /** The server refuses writes when its memory is full. */
        NO_EVICTION,
        /** The server may remove sessions and rate limits when its memory is full. */
        EVICTS_STATE,
        /** The user lacks a permission that Forge needs. */
        MISSING_PERMISSION,
        /** The version of the server has known vulnerabilities. */
        KNOWN_VULNERABILITIES,
        /** The connection to another machine is not encrypted. */
        NO_TLS,
        /** The connection is encrypted, but the certificate of the server is not verified. */
        UNVERIFIED_TLS,
        /** The server accepts anyone who can reach it. */
        NO_PASSWORD,
        /** The clocks of the server and of this process differ. */
        CLOCK_SKEW,
        /** Some keys have no TTL: they are kept until they are deleted. */
        KEYS_WITHOUT_TTL,
        /** The server cannot be relied on to send invalidations. */
        NO_TRACKING
    }

    /** Returns the finding that {@code subject} could not be checked. */
    public static Finding notChecked(String subject, String reason, String todo) {
        return new Finding(
                Code.NOT_CHECKED,
                Severity.NOTE,
                subject + " could not be checked: " + reason + ".",
                "Nothing can warn of a problem there.",
                todo);
    }

    /** Returns the finding for a terminal, on several lines. */
    @Override
    public String toString() {
        return severity + " " + code + ": " + what + "\n    why: " + why + "\n    do:  "
                + todo.strip().replace("\n", "\n         ");
    }
}
