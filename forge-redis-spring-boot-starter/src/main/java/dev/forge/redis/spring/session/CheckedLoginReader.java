package dev.forge.redis.spring.session;

import java.util.List;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import tools.jackson.core.JsonParser;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;

/**
 * Reads a login that something else has checked, such as a certificate.
 *
 * <p>The one of Spring Security's own module reads no login without credentials, and makes a JSON tree its details.
 */
final class PreAuthenticatedReader extends StdDeserializer<PreAuthenticatedAuthenticationToken> {

    private static final TypeReference<List<GrantedAuthority>> AUTHORITIES = new TypeReference<>() {};

    private PreAuthenticatedReader() {
        super(PreAuthenticatedAuthenticationToken.class);
    }

    /** Adds the reader to {@code module}; returns the class that it reads. */
    static Class<?> addTo(SimpleModule module) {
        module.addDeserializer(PreAuthenticatedAuthenticationToken.class, new PreAuthenticatedReader());
        return PreAuthenticatedAuthenticationToken.class;
    }

    @Override
    public PreAuthenticatedAuthenticationToken deserialize(JsonParser in, DeserializationContext context) {
        JsonNode login = context.readTree(in);
        Object principal = context.readTreeAsValue(login.path("principal"), Object.class);
        List<GrantedAuthority> authorities = context.readTreeAsValue(
                login.path("authorities"), context.getTypeFactory().constructType(AUTHORITIES));
        return new PreAuthenticatedAuthenticationToken(principal, null, authorities);
    }
}
