package dev.forge.redis;

/** What came of one try. */
enum Permission {
    GRANTED,
    NOT_THE_COMMAND,
    NOT_THE_KEY
}
