package dev.forge.redis.spring.session;

import static java.util.Objects.requireNonNull;

import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** Visits pages behind a filter, and keeps the cookie that it gets. */
final class Browser {

    private final Filter filter;
    private @Nullable Cookie cookie;

    Browser(Filter filter) {
        this.filter = filter;
    }

    /** Returns another browser with the same cookie. */
    Browser copy() {
        Browser copy = new Browser(filter);
        copy.cookie = cookie;
        return copy;
    }

    /** Returns the value of the cookie, if there is one. */
    String id() {
        return cookie == null ? "" : cookie.getValue();
    }

    /** Returns the cookie, which must exist. */
    Cookie cookie() {
        return requireNonNull(cookie);
    }

    void visit(Consumer<HttpServletRequest> page) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setSecure(true);
        if (cookie != null) {
            request.setCookies(cookie);
        }
        MockHttpServletResponse response = new MockHttpServletResponse();
        try {
            filter.doFilter(request, response, (seen, answer) -> page.accept((HttpServletRequest) seen));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ServletException e) {
            throw new IllegalStateException(e);
        }
        for (Cookie given : response.getCookies()) {
            cookie = given.getMaxAge() == 0 ? null : given;
        }
    }
}
