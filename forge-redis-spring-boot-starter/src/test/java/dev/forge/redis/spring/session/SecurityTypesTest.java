package dev.forge.redis.spring.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.net.URL;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.springframework.security.authentication.RememberMeAuthenticationToken;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.authentication.ott.OneTimeTokenAuthentication;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.core.oidc.OidcUserInfo;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.oauth2.core.oidc.user.OidcUserAuthority;
import org.springframework.security.oauth2.core.user.DefaultOAuth2User;
import org.springframework.security.oauth2.core.user.OAuth2UserAuthority;
import org.springframework.security.saml2.provider.service.authentication.DefaultSaml2AuthenticatedPrincipal;
import org.springframework.security.saml2.provider.service.authentication.Saml2AssertionAuthentication;
import org.springframework.security.saml2.provider.service.authentication.Saml2Authentication;
import org.springframework.security.saml2.provider.service.authentication.Saml2ResponseAssertion;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.security.web.authentication.switchuser.SwitchUserGrantedAuthority;

class SecurityTypesTest {

    private static final List<GrantedAuthority> AUTHORITIES = List.of(
            new SimpleGrantedAuthority("ROLE_USER"),
            FactorGrantedAuthority.withFactor("PASSWORD")
                    .issuedAt(Instant.ofEpochMilli(1_700_000_000_123L))
                    .build());

    private final SessionAttributes attributes = attributes(List.of());

    /** A principal of the application. */
    record Customer(String name, int number) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** A login of the application. */
    static final class Special extends UsernamePasswordAuthenticationToken {
        private static final long serialVersionUID = 1;

        Special() {
            super("ada", "", AUTHORITIES);
        }
    }

    @Test
    void keepsALoginWithoutPasswordAndDetails() {
        User ada = new User("ada", "the password", AUTHORITIES);
        UsernamePasswordAuthenticationToken login =
                new UsernamePasswordAuthenticationToken(ada, "the password", AUTHORITIES);
        login.setDetails(new WebAuthenticationDetails("10.0.0.1", "the-session-id"));

        Authentication read = kept(login, "the password", "the-session-id", "10.0.0.1");

        assertThat(read.isAuthenticated()).isTrue();
        assertThat(read.getName()).isEqualTo("ada");
        assertThat(read.getPrincipal()).isEqualTo(ada);
        assertThat(read.getCredentials()).isNull();
        assertThat(read.getDetails()).isNull();
    }

    @Test
    void keepsRememberMeOneTimeAndPreAuthenticatedLogins() {
        RememberMeAuthenticationToken remembered = new RememberMeAuthenticationToken("key", "ada", AUTHORITIES);
        assertThat(((RememberMeAuthenticationToken) kept(remembered)).getKeyHash())
                .isEqualTo(remembered.getKeyHash());

        OneTimeTokenAuthentication once = new OneTimeTokenAuthentication("ada", AUTHORITIES);
        once.setDetails(new WebAuthenticationDetails("10.0.0.1", "the-session-id"));
        kept(once, "the-session-id");

        // As X.509 makes it: the credentials are the certificate.
        User ada = new User("ada", "", AUTHORITIES);
        PreAuthenticatedAuthenticationToken certified =
                new PreAuthenticatedAuthenticationToken(ada, new Object(), AUTHORITIES);
        certified.setDetails(new WebAuthenticationDetails("10.0.0.1", "the-session-id"));
        Authentication read = kept(certified, "the-session-id");
        assertThat(read).isInstanceOf(PreAuthenticatedAuthenticationToken.class);
        assertThat(read.getPrincipal()).isEqualTo(ada);
        assertThat(read.getDetails()).isNull();
        assertThat(read.getCredentials()).isNull();
    }

    @Test
    void keepsTheUserWhoSwitchedToAnother() {
        Authentication admin = UsernamePasswordAuthenticationToken.authenticated("root", null, AUTHORITIES);
        Authentication switched = UsernamePasswordAuthenticationToken.authenticated(
                "ada", null, List.of(new SwitchUserGrantedAuthority("ROLE_PREVIOUS", admin)));

        GrantedAuthority authority = kept(switched).getAuthorities().iterator().next();

        assertThat(((SwitchUserGrantedAuthority) authority).getSource()).isEqualTo(admin);
    }

    @Test
    void keepsAnOAuth2Login() {
        Map<String, Object> claims = Map.of("login", "ada", "id", 5_000_000_000L, "plan", Map.of("name", "free"));
        DefaultOAuth2User ada =
                new DefaultOAuth2User(List.of(new OAuth2UserAuthority(claims), AUTHORITIES.get(0)), claims, "login");

        OAuth2AuthenticationToken read =
                (OAuth2AuthenticationToken) kept(new OAuth2AuthenticationToken(ada, ada.getAuthorities(), "github"));

        assertThat(read.getPrincipal()).isEqualTo(ada);
        assertThat(read.getAuthorizedClientRegistrationId()).isEqualTo("github");
        assertThat(read.getPrincipal().getAttributes()).containsEntry("id", 5_000_000_000L);
    }

    @Test
    void keepsAnOidcLoginWithTheIdTokenOnlyOnce() throws Exception {
        OAuth2AuthenticationToken login = oidcLogin("x".repeat(2_000));

        String text = attributes.write("SPRING_SECURITY_CONTEXT", new SecurityContextImpl(login));
        DefaultOidcUser read = (DefaultOidcUser) requireNonNull(kept(login).getPrincipal());

        assertThat(text).hasSizeLessThan(4_000);
        assertThat(read).isEqualTo(login.getPrincipal());
        assertThat(read.getIssuer()).isEqualTo(new URL("https://id.example.com"));
        assertThat(read.getIdToken().getExpiresAt()).isEqualTo(Instant.ofEpochSecond(1_700_003_600, 123_456_789));
        assertThat(read.getClaimAsMap("realm_access")).isEqualTo(Map.of("roles", List.of("admin")));
    }

    private static OAuth2AuthenticationToken oidcLogin(String token) throws Exception {
        // What the JWT library makes: maps of classes that no one else knows, and an issuer that is a URL.
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("sub", "ada");
        claims.put("iss", URI.create("https://id.example.com").toURL());
        claims.put("aud", List.of("shop"));
        claims.put("exp", Instant.ofEpochSecond(1_700_003_600));
        claims.put("session", 5_000_000_000L);
        claims.put("realm_access", new TreeMap<>(Map.of("roles", List.of("admin"))));
        OidcIdToken idToken = new OidcIdToken(
                token, Instant.ofEpochSecond(1_700_000_000), Instant.ofEpochSecond(1_700_003_600, 123_456_789), claims);
        OidcUserInfo info = new OidcUserInfo(Map.of("sub", "ada", "email", "ada@example.com"));
        DefaultOidcUser ada = new DefaultOidcUser(
                List.of(new OidcUserAuthority(idToken, info), new SimpleGrantedAuthority("SCOPE_openid")),
                idToken,
                info);
        OAuth2AuthenticationToken login = new OAuth2AuthenticationToken(ada, ada.getAuthorities(), "keycloak");
        login.setDetails(new WebAuthenticationDetails("10.0.0.1", "the-session-id"));
        return login;
    }

    @Test
    @SuppressWarnings("deprecation") // Applications that have not moved to assertions make such principals.
    void keepsSamlLogins() {
        Map<String, List<Object>> values = Map.of("mail", List.of("ada@example.com"), "logins", List.of(3L));
        DefaultSaml2AuthenticatedPrincipal ada =
                new DefaultSaml2AuthenticatedPrincipal("ada", values, List.of("index-1"));
        ada.setRelyingPartyRegistrationId("idp");

        Saml2Authentication old = (Saml2Authentication) kept(new Saml2Authentication(ada, "<response/>", AUTHORITIES));
        assertThat(old.getPrincipal()).isEqualTo(ada);
        assertThat(old.getSaml2Response()).isEqualTo("<response/>");

        Saml2ResponseAssertion assertion = Saml2ResponseAssertion.withResponseValue("<response/>")
                .nameId("ada")
                .sessionIndexes(List.of("index-1"))
                .attributes(values)
                .build();
        Saml2AssertionAuthentication read = (Saml2AssertionAuthentication)
                kept(new Saml2AssertionAuthentication("ada", assertion, AUTHORITIES, "idp"));
        assertThat(read.getRelyingPartyRegistrationId()).isEqualTo("idp");
    }

    @Test
    void keepsPrincipalsAndLoginsThatTheApplicationRegisters() {
        SessionAttributes own = attributes(List.of(
                SessionAttributeType.json("customer", Customer.class),
                new SessionAttributeType<>("special", Special.class, login -> "", text -> new Special())));
        Customer ada = new Customer("ada", 1);

        assertThat(kept(own, new UsernamePasswordAuthenticationToken(ada, "", AUTHORITIES))
                        .getPrincipal())
                .isEqualTo(ada);
        assertThat(kept(own, new RememberMeAuthenticationToken("key", ada, AUTHORITIES))
                        .getPrincipal())
                .isEqualTo(ada);
        assertThat(kept(own, new Special())).isInstanceOf(Special.class);
    }

    @Test
    void refusesWhatWouldComeBackChangedAndNamesTheTypeToRegister() {
        assertRefused(
                new UsernamePasswordAuthenticationToken(new Customer("ada", 1), "", AUTHORITIES),
                Customer.class.getName(),
                "SessionAttributeType.json(\"some-name\", Customer.class)");
        assertRefused(new Special(), Special.class.getName());
        assertRefused(new TestingAuthenticationToken("ada", "", AUTHORITIES), "TestingAuthenticationToken");
        assertRefused(UsernamePasswordAuthenticationToken.unauthenticated("ada", "x"), "not authenticated");
        GrantedAuthority own = new GrantedAuthority() {
            private static final long serialVersionUID = 1;

            @Override
            public String getAuthority() {
                return "own";
            }
        };
        assertRefused(
                new UsernamePasswordAuthenticationToken("ada", "", List.of(own)),
                own.getClass().getName());
    }

    @Test
    void letsAnApplicationReplaceABuiltInType() {
        SessionAttributes own = attributes(List.of(new SessionAttributeType<>(
                "own-context", SecurityContextImpl.class, context -> "x", text -> new SecurityContextImpl())));

        assertThat(own.write("a", new SecurityContextImpl())).isEqualTo("type:own-context:x");
    }

    private Authentication kept(Authentication login, String... secrets) {
        String text = attributes.write("a", new SecurityContextImpl(login));
        assertThat(text).doesNotContain("springframework").doesNotContain("java.");
        assertThat(List.of(secrets)).noneMatch(text::contains);
        return kept(attributes, login);
    }

    private static Authentication kept(SessionAttributes attributes, Authentication login) {
        String text = attributes.write("a", new SecurityContextImpl(login));
        SecurityContextImpl read =
                (SecurityContextImpl) attributes.read("a", text).orElseThrow();
        Authentication kept = requireNonNull(read.getAuthentication());
        assertThat(kept).isExactlyInstanceOf(login.getClass());
        assertThat(kept.isAuthenticated()).isTrue();
        assertThat(kept.getName()).isEqualTo(login.getName());
        assertThat(List.<GrantedAuthority>copyOf(kept.getAuthorities()))
                .containsExactlyInAnyOrderElementsOf(List.copyOf(login.getAuthorities()));
        return kept;
    }

    private static SessionAttributes attributes(List<SessionAttributeType<?>> registered) {
        return new SessionAttributes(registered, List.of(new SecurityTypes(), new CsrfTokenAttribute()));
    }

    private void assertRefused(Authentication login, String... why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> attributes.write("SPRING_SECURITY_CONTEXT", new SecurityContextImpl(login)))
                .withMessageContainingAll(why)
                .withMessageContaining("SPRING_SECURITY_CONTEXT");
    }
}
