package dev.forge.redis.spring.ratelimit;

import dev.forge.redis.key.RedisKey;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Whom a request counts for: its user, the value of a header, or else its address. */
final class RequestSubjects {

    private static final int LONGEST_SUBJECT = 1024;
    private static final String HEADER = "header:";

    private final Supplier<RateLimitSubject> principal;
    private final CallerAddress address;

    RequestSubjects(List<String> trustedProxies, Supplier<RateLimitSubject> principal) {
        this.principal = principal;
        this.address = new CallerAddress(trustedProxies);
    }

    /**
     * Returns how to find the subject of a request.
     *
     * @param kind {@code principal}, {@code address}, or a header as in {@code header:X-Api-Key}
     * @throws IllegalArgumentException if it is something else
     */
    Function<HttpServletRequest, String> of(String kind) {
        if (kind.equals("address")) {
            return this::address;
        }
        if (kind.equals("principal")) {
            return request -> principal
                    .get()
                    .of(request)
                    .filter(RequestSubjects::isName)
                    .map(name -> "user:" + name)
                    .orElseGet(() -> address(request));
        }
        if (kind.startsWith(HEADER) && kind.length() > HEADER.length()) {
            String header = kind.substring(HEADER.length());
            return request -> Optional.ofNullable(request.getHeader(header))
                    .filter(RequestSubjects::isName)
                    .map(value -> kind + ":" + value)
                    .orElseGet(() -> address(request));
        }
        throw new IllegalArgumentException(
                "subject must be principal, address or header:<name>, but was '" + kind + "'");
    }

    private String address(HttpServletRequest request) {
        return "address:" + address.of(request);
    }

    private static boolean isName(String text) {
        return !text.isBlank() && text.length() <= LONGEST_SUBJECT && RedisKey.isUnicode(text);
    }

    /** Returns the principal that the container or Spring Security knows. */
    static Optional<String> principal(HttpServletRequest request) {
        return Optional.ofNullable(request.getUserPrincipal()).map(Principal::getName);
    }
}
