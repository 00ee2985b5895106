package dev.forge.redis.internal.command;

/** Whether the user is permitted to run a command on a key of the database. */
public enum Permission {
    GRANTED,
    NOT_THE_COMMAND,
    NOT_THE_KEY,
    /** From Valkey 9.1 on, a user may have permission for some databases only. */
    NOT_THE_DATABASE
}
