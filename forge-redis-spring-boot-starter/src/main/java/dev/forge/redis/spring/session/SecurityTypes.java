package dev.forge.redis.spring.session;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AccountExpiredException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.CredentialsExpiredException;
import org.springframework.security.authentication.DisabledException;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContextImpl;
import tools.jackson.databind.node.ObjectNode;

/**
 * What Spring Security keeps in a session: the login, the request that it interrupted, requests to another server that
 * logs a user in, and why a login failed. One registered type for each.
 */
final class SecurityTypes implements BuiltInTypes {

    /** Requests to a server that logs users in, which are kept until it sends the user back. */
    private static final List<String> REQUESTS =
            List.of("oauth2-request", "saml2-redirect-request", "saml2-post-request", "saml2-logout-request");

    /** Headers with secrets of the browser. The cookies hold the id of this session, which Redis must not learn. */
    private static final Set<String> SECRET_HEADERS = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    static {
        SECRET_HEADERS.addAll(Set.of("Cookie", "Authorization", "Proxy-Authorization"));
    }

    @Override
    public List<SessionAttributeType<?>> types(
            Collection<SessionAttributeType<?>> registered, SessionAttributes attributes) {
        SecurityJson json = new SecurityJson(registered);
        List<SessionAttributeType<?>> types = new ArrayList<>();
        types.add(new SessionAttributeType<>(
                "security-context",
                SecurityContextImpl.class,
                context -> login(json, context.getAuthentication()),
                text -> new SecurityContextImpl(json.read(text, Authentication.class))));
        json.type("saved-request").ifPresent(type -> types.add(savedRequest(json, type)));
        REQUESTS.forEach(name -> json.type(name).ifPresent(type -> types.add(plain(json, name, type))));
        types.add(failure("bad-credentials", BadCredentialsException.class, BadCredentialsException::new));
        types.add(failure("account-locked", LockedException.class, LockedException::new));
        types.add(failure("account-disabled", DisabledException.class, DisabledException::new));
        types.add(failure("account-expired", AccountExpiredException.class, AccountExpiredException::new));
        types.add(failure("password-expired", CredentialsExpiredException.class, CredentialsExpiredException::new));
        return types;
    }

    /** Returns the login as JSON that has been read back once, because it is read when it is too late to refuse it. */
    private static String login(SecurityJson json, @Nullable Authentication login) {
        if (login == null || !login.isAuthenticated()) {
            throw new IllegalArgumentException("a SecurityContext in a session must hold a login, but held "
                    + (login == null ? "none" : "a " + login.getClass().getName() + " that is not authenticated"));
        }
        String text = json.write(login, Authentication.class);
        String name = json.read(text, Authentication.class).getName();
        if (!name.equals(login.getName())) {
            throw new IllegalArgumentException(
                    "a " + login.getClass().getName() + " would come back from the session with another name");
        }
        return text;
    }

    private static <T> SessionAttributeType<T> plain(SecurityJson json, String name, Class<T> type) {
        return new SessionAttributeType<>(name, type, value -> json.write(value, type), text -> json.read(text, type));
    }

    private static <T> SessionAttributeType<T> savedRequest(SecurityJson json, Class<T> type) {
        return new SessionAttributeType<>(
                "saved-request",
                type,
                request -> {
                    ObjectNode fields = (ObjectNode) json.mapper().readTree(json.write(request, type));
                    if (fields.get("headers") instanceof ObjectNode headers) {
                        headers.remove(headers.propertyNames().stream()
                                .filter(SECRET_HEADERS::contains)
                                .toList());
                    }
                    return fields.toString();
                },
                text -> json.read(text, type));
    }

    private static <T extends AuthenticationException> SessionAttributeType<T> failure(
            String name, Class<T> type, Function<String, T> make) {
        return new SessionAttributeType<>(name, type, failure -> String.valueOf(failure.getMessage()), make);
    }
}
