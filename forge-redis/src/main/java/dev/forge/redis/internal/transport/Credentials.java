package dev.forge.redis.internal.transport;

import org.jspecify.annotations.Nullable;

/**
 * A user name and password, as a login has them now.
 *
 * @param username null for the default user
 * @param password empty if there is none
 */
@SuppressWarnings("ArrayRecordComponent") // no two are compared
public record Credentials(@Nullable String username, char[] password) {

    @Override
    public String toString() {
        return (username == null ? "default user" : username) + ", password ***";
    }
}
