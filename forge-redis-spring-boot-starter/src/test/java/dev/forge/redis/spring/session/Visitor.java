package dev.forge.redis.spring.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.context.ApplicationContext;

/** A browser that visits several instances of one application, with the same cookies. */
final class Visitor {

    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

    private final CookieManager cookies = new CookieManager();
    private final HttpClient client = HttpClient.newBuilder()
            .cookieHandler(cookies)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /** Gets a page, without following a redirect. */
    HttpResponse<String> get(ApplicationContext instance, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(instance, path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    /** Posts the form of a page, with its CSRF token. */
    HttpResponse<String> post(ApplicationContext instance, String form, String action, String body) {
        Matcher token = CSRF.matcher(get(instance, form).body());
        if (!token.find()) {
            throw new IllegalStateException(form + " has no CSRF token");
        }
        String all = body + "&_csrf=" + URLEncoder.encode(token.group(1), UTF_8);
        return send(HttpRequest.newBuilder(uri(instance, action))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(all))
                .build());
    }

    HttpResponse<String> login(ApplicationContext instance, String user) {
        return post(instance, "/login", "/login", "username=" + user + "&password=right");
    }

    /** Returns where a response redirects to, without the host. */
    static String location(HttpResponse<String> response) {
        URI target = URI.create(response.headers().firstValue("Location").orElse("none"));
        return target.getRawPath() + (target.getRawQuery() == null ? "" : "?" + target.getRawQuery());
    }

    String cookie(String name) {
        return cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals(name))
                .map(HttpCookie::getValue)
                .findFirst()
                .orElse("");
    }

    void forget(String name) {
        cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals(name))
                .toList()
                .forEach(cookie -> cookies.getCookieStore().remove(null, cookie));
    }

    private static URI uri(ApplicationContext instance, String path) {
        String port = requireNonNull(instance.getEnvironment().getProperty("local.server.port"));
        return URI.create("http://localhost:" + port + path);
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
