package com.example.app.database;

/** {@code DATABASE_URL} cannot be used. The message does not show it, because there may be a password in it. */
final class InvalidDatabaseUrl extends IllegalArgumentException {
    InvalidDatabaseUrl(String rule) {
        super("DATABASE_URL must " + rule + ".");
    }
}
