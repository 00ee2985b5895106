package com.example.app.database;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/**
 * The address of the database, and the login for it.
 *
 * <p>{@code DATABASE_URL} may be a JDBC URL, or the {@code postgres://user:password@host:port/name} that hosting
 * services provide. {@code DATABASE_USERNAME} and {@code DATABASE_PASSWORD} take precedence over the URL.
 */
record DatabaseAddress(
        String jdbcUrl, @Nullable String username, @Nullable String password) implements JdbcConnectionDetails {

    static DatabaseAddress parse(String url, String username, String password) {
        if (url.startsWith("jdbc:")) {
            return new DatabaseAddress(url, orNull(username), orNull(password));
        }
        if (url.startsWith("postgres://") || url.startsWith("postgresql://")) {
            return fromPostgresUri(uri(url), orNull(username), orNull(password));
        }
        throw new InvalidDatabaseUrl("start with jdbc:, postgres:// or postgresql://");
    }

    private static URI uri(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            // Without the cause, which shows the address.
            throw new InvalidDatabaseUrl("be a valid URL: encode special characters of the password, such as / as %2F");
        }
    }

    private static DatabaseAddress fromPostgresUri(URI uri, @Nullable String username, @Nullable String password) {
        String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
        int at = authority.lastIndexOf('@');
        String[] login = at < 0 ? new String[0] : authority.substring(0, at).split(":", 2);
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return new DatabaseAddress(
                "jdbc:postgresql://" + authority.substring(at + 1) + uri.getRawPath() + query,
                username != null || login.length < 1 ? username : decode(login[0]),
                password != null || login.length < 2 ? password : decode(login[1]));
    }

    private static String decode(String text) {
        // URLDecoder decodes forms, where a plus sign means a space. In the user part of a URI it does not.
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static @Nullable String orNull(String text) {
        return text.isBlank() ? null : text;
    }

    @Override
    public String getJdbcUrl() {
        return jdbcUrl;
    }

    @Override
    public @Nullable String getUsername() {
        return username;
    }

    @Override
    public @Nullable String getPassword() {
        return password;
    }

    @Override
    public String toString() {
        return "DatabaseAddress[masked]";
    }
}
