package dev.forge.redis.spring.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.redis.codec.JsonCodec;
import java.util.Collection;
import java.util.List;
import org.springframework.security.web.csrf.DefaultCsrfToken;

/** The CSRF token that Spring Security keeps in a session. */
final class CsrfTokenAttribute implements BuiltInTypes {

    private static final JsonCodec<Token> JSON = JsonCodec.of(Token.class).acceptingMissing();

    /** The token as JSON. */
    record Token(String header, String parameter, String value) {}

    @Override
    public List<SessionAttributeType<?>> types(
            Collection<SessionAttributeType<?>> registered, SessionAttributes attributes) {
        return List.of(new SessionAttributeType<>(
                "csrf-token",
                DefaultCsrfToken.class,
                token -> new String(
                        JSON.encode(new Token(token.getHeaderName(), token.getParameterName(), token.getToken())),
                        UTF_8),
                text -> {
                    Token token = JSON.decode(text.getBytes(UTF_8));
                    return new DefaultCsrfToken(token.header(), token.parameter(), token.value());
                }));
    }
}
