package dev.forge.redis.spring.session;

import java.util.Collection;
import java.util.List;
import org.springframework.security.web.csrf.DefaultCsrfToken;

/** The CSRF token that Spring Security keeps in a session. */
final class CsrfTokenAttribute implements BuiltInTypes {

    /** The token as JSON. */
    record Token(String header, String parameter, String value) {}

    @Override
    public List<SessionAttributeType<?>> types(
            Collection<SessionAttributeType<?>> registered, SessionAttributes attributes) {
        return List.of(SessionAttributeType.json(
                "csrf-token",
                DefaultCsrfToken.class,
                Token.class,
                token -> new Token(token.getHeaderName(), token.getParameterName(), token.getToken()),
                token -> new DefaultCsrfToken(token.header(), token.parameter(), token.value())));
    }
}
