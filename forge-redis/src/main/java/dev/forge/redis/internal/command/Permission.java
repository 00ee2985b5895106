package dev.forge.redis.internal.command;

/** Whether the user is permitted to run a command on a key. */
public enum Permission {
    GRANTED,
    NOT_THE_COMMAND,
    NOT_THE_KEY
}
