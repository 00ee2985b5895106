package dev.forge.redis.spring.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.redis.codec.JsonCodec;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.core.userdetails.User;

/**
 * The login that Spring Security keeps in a session, stored as names only.
 *
 * <p>A login by user name and password comes back with its name and authorities, and without password and details. Any
 * other kind of login, principal or authority is refused rather than changed. For those, an application registers its
 * own {@link SessionAttributeType} for {@link SecurityContextImpl}.
 */
final class SecurityContextAttribute {

    private static final JsonCodec<Login> JSON = JsonCodec.of(Login.class).acceptingMissing();

    private SecurityContextAttribute() {}

    /** A user who has logged in. */
    record Login(String name, boolean user, List<Authority> authorities) {}

    /** A permission of a user, or an authentication factor with its time. */
    record Authority(String name, @Nullable Long provedAt) {}

    static SessionAttributeType<SecurityContextImpl> type() {
        return new SessionAttributeType<>(
                "security-context",
                SecurityContextImpl.class,
                context -> new String(JSON.encode(login(context.getAuthentication())), UTF_8),
                text -> new SecurityContextImpl(authentication(JSON.decode(text.getBytes(UTF_8)))));
    }

    private static Login login(@Nullable Authentication authentication) {
        if (authentication == null
                || authentication.getClass() != UsernamePasswordAuthenticationToken.class
                || !authentication.isAuthenticated()) {
            throw refused("login", authentication);
        }
        Object principal = authentication.getPrincipal();
        boolean user = principal != null && principal.getClass() == User.class;
        if (!user && !(principal instanceof String)) {
            throw refused("principal", principal);
        }
        return new Login(
                authentication.getName(),
                user,
                authentication.getAuthorities().stream()
                        .map(SecurityContextAttribute::authority)
                        .toList());
    }

    private static Authority authority(GrantedAuthority authority) {
        if (authority instanceof SimpleGrantedAuthority simple) {
            return new Authority(simple.getAuthority(), null);
        }
        if (authority instanceof FactorGrantedAuthority factor) {
            return new Authority(factor.getAuthority(), factor.getIssuedAt().toEpochMilli());
        }
        throw refused("authority", authority);
    }

    private static Authentication authentication(Login login) {
        List<GrantedAuthority> authorities = login.authorities().stream()
                .map(SecurityContextAttribute::granted)
                .toList();
        Object principal = login.user() ? new User(login.name(), "", authorities) : login.name();
        return UsernamePasswordAuthenticationToken.authenticated(principal, null, authorities);
    }

    private static GrantedAuthority granted(Authority authority) {
        return authority.provedAt() == null
                ? new SimpleGrantedAuthority(authority.name())
                : FactorGrantedAuthority.withAuthority(authority.name())
                        .issuedAt(Instant.ofEpochMilli(authority.provedAt()))
                        .build();
    }

    private static IllegalArgumentException refused(String what, @Nullable Object value) {
        return new IllegalArgumentException(
                "a SecurityContext in a session must hold a UsernamePasswordAuthenticationToken"
                        + " of a String or a User with simple authorities, but its " + what + " was "
                        + (value == null ? "missing" : "a " + value.getClass().getName())
                        + ". To keep it, add a bean securityContextAttribute: a SessionAttributeType<SecurityContextImpl> that"
                        + " writes and reads it.");
    }
}
