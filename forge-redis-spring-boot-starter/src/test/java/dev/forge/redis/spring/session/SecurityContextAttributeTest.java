package dev.forge.redis.spring.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.security.authentication.RememberMeAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.web.csrf.DefaultCsrfToken;

class SecurityContextAttributeTest {

    private static final List<GrantedAuthority> AUTHORITIES = List.of(
            new SimpleGrantedAuthority("ROLE_USER"),
            FactorGrantedAuthority.withFactor("PASSWORD")
                    .issuedAt(Instant.ofEpochMilli(1_700_000_000_000L))
                    .build());

    private final SessionAttributes attributes =
            new SessionAttributes(List.of(SecurityContextAttribute.type(), CsrfTokenAttribute.type()));

    @Test
    void keepsALoginWithoutItsPassword() {
        User ada = new User("ada", "the password", AUTHORITIES);
        SecurityContextImpl context =
                new SecurityContextImpl(new UsernamePasswordAuthenticationToken(ada, "the password", AUTHORITIES));

        String text = attributes.write("SPRING_SECURITY_CONTEXT", context);
        SecurityContextImpl read = (SecurityContextImpl) attributes.read(text).orElseThrow();

        assertThat(text).doesNotContain("the password").doesNotContain("springframework");
        Authentication login = requireNonNull(read.getAuthentication());
        assertThat(login.isAuthenticated()).isTrue();
        assertThat(login.getName()).isEqualTo("ada");
        assertThat(login.getPrincipal()).isEqualTo(ada);
        assertThat(List.<GrantedAuthority>copyOf(login.getAuthorities()))
                .containsExactlyInAnyOrderElementsOf(AUTHORITIES);
    }

    @Test
    void refusesWhatWouldComeBackChanged() {
        record Customer(String name, int number) {}

        assertRefused(new RememberMeAuthenticationToken("key", "ada", AUTHORITIES), "RememberMeAuthenticationToken");
        assertRefused(new UsernamePasswordAuthenticationToken(new Customer("ada", 1), "", AUTHORITIES), "Customer");
        assertRefused(UsernamePasswordAuthenticationToken.unauthenticated("ada", "x"), "login");
        GrantedAuthority own = () -> "own";
        assertRefused(new UsernamePasswordAuthenticationToken("ada", "", List.of(own)), "authority");
    }

    @Test
    void keepsTheCsrfToken() {
        String text = attributes.write("csrf", new DefaultCsrfToken("X-CSRF-TOKEN", "_csrf", "secret"));

        assertThat(attributes.read(text).orElseThrow())
                .usingRecursiveComparison()
                .isEqualTo(new DefaultCsrfToken("X-CSRF-TOKEN", "_csrf", "secret"));
    }

    @Test
    void ignoresWhatItCannotRead() {
        assertThat(attributes.read("type:security-context:{}")).isEmpty();
        assertThat(attributes.read("type:security-context:{\"name\":null}")).isEmpty();
        assertThat(attributes.read("type:security-context:nonsense")).isEmpty();
    }

    private void assertRefused(Authentication login, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> attributes.write("SPRING_SECURITY_CONTEXT", new SecurityContextImpl(login)))
                .withMessageContaining(why)
                .withMessageContaining("securityContextAttribute");
    }
}
