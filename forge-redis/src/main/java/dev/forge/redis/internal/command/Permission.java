package dev.forge.redis.internal.command;

/** What came of one try. */
public enum Permission {
    GRANTED,
    NOT_THE_COMMAND,
    NOT_THE_KEY
}
