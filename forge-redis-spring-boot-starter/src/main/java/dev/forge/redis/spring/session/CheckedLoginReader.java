package dev.forge.redis.spring.session;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import java.util.Collection;
import java.util.List;
import java.util.function.BiFunction;
import org.springframework.security.authentication.ott.OneTimeTokenAuthentication;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import tools.jackson.core.JsonParser;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;

/**
 * Reads a login that has been checked, of which only the principal and the authorities are left.
 *
 * <p>Spring Security's own modules have nothing for one-time tokens in 7.0. For pre-authenticated logins, such as those by
 * certificate, they cannot read one without credentials, and turn its details into a JSON tree.
 */
final class CheckedLoginReader<T extends Authentication> extends StdDeserializer<T> {

    private static final long serialVersionUID = 1;

    private static final TypeReference<List<GrantedAuthority>> AUTHORITIES = new TypeReference<>() {};

    private final transient BiFunction<Object, Collection<GrantedAuthority>, T> make;

    private CheckedLoginReader(Class<T> type, BiFunction<Object, Collection<GrantedAuthority>, T> make) {
        super(type);
        this.make = make;
    }

    /** Writes the fields, and no other getters. */
    @JsonAutoDetect(
            fieldVisibility = Visibility.ANY,
            getterVisibility = Visibility.NONE,
            isGetterVisibility = Visibility.NONE)
    private abstract static class Fields {}

    /** Adds the reader of one-time tokens to {@code module}; returns the class that it reads. */
    static Class<?> oneTimeToken(SimpleModule module) {
        return add(module, OneTimeTokenAuthentication.class, OneTimeTokenAuthentication::new);
    }

    /** Adds the reader of pre-authenticated logins to {@code module}; returns the class that it reads. */
    static Class<?> preAuthenticated(SimpleModule module) {
        return add(
                module,
                PreAuthenticatedAuthenticationToken.class,
                (principal, authorities) -> new PreAuthenticatedAuthenticationToken(principal, null, authorities));
    }

    private static <T extends Authentication> Class<T> add(
            SimpleModule module, Class<T> type, BiFunction<Object, Collection<GrantedAuthority>, T> make) {
        module.addDeserializer(type, new CheckedLoginReader<>(type, make));
        module.setMixInAnnotation(type, Fields.class);
        return type;
    }

    @Override
    public T deserialize(JsonParser in, DeserializationContext context) {
        JsonNode login = context.readTree(in);
        Object principal = context.readTreeAsValue(login.path("principal"), Object.class);
        List<GrantedAuthority> authorities = context.readTreeAsValue(
                login.path("authorities"), context.getTypeFactory().constructType(AUTHORITIES));
        return make.apply(principal, authorities);
    }
}
