package dev.forge.redis.health;

import static java.util.Objects.requireNonNull;

/**
 * One thing that {@link dev.forge.redis.RedisManager#diagnose()} found.
 *
 * @param code what kind of thing it is
 * @param severity how much it matters
 * @param what what was seen, in one sentence
 * @param why why that hurts, or will
 * @param todo what to type, line by line, with a word on what to choose
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
        /** It will hurt some day. */
        WARNING,
        /** It hurts now, or lets somebody in. */
        SEVERE
    }

    /** The kinds of findings. */
    public enum Code {
        /** Redis does not answer, so nothing could be looked at. */
        UNREACHABLE,
        /** Something could not be looked at; nothing is known about it. */
        NOT_LOOKED_AT,
        /** The server may use all the memory of its machine. */
        NO_MEMORY_LIMIT,
        /** The server refuses writes when its memory is full. */
        NO_EVICTION,
        /** The server may remove sessions and rate limits when its memory is full. */
        EVICTS_STATE,
        /** The user lacks a right that Forge needs. */
        MISSING_RIGHT,
        /** The version of the server has holes that are known. */
        KNOWN_HOLES,
        /** The connection to another machine is not encrypted. */
        NO_TLS,
        /** The connection is encrypted, but to whom is not checked. */
        UNVERIFIED_TLS,
        /** The server lets in everybody who can reach it. */
        NO_PASSWORD,
        /** The clocks of the server and of this process differ. */
        CLOCK_SKEW,
        /** Some keys are kept until they are deleted. */
        KEYS_WITHOUT_END,
        /** The server cannot be relied on to tell of changes. */
        NO_TRACKING
    }

    public static Finding notLookedAt(String subject, String reason, String todo) {
        return new Finding(
                Code.NOT_LOOKED_AT,
                Severity.NOTE,
                subject + " could not be looked at: " + reason + ".",
                "What is not known cannot be warned of.",
                todo);
    }

    /** Returns the finding for a terminal, on several lines. */
    @Override
    public String toString() {
        return severity + " " + code + ": " + what + "\n    why: " + why + "\n    do:  "
                + todo.strip().replace("\n", "\n         ");
    }
}
