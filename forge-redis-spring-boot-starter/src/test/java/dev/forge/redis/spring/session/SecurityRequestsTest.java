package dev.forge.redis.spring.session;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.Cookie;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.web.csrf.DefaultCsrfToken;
import org.springframework.security.web.savedrequest.DefaultSavedRequest;

/** What Spring Security keeps in a session before a login. */
class SecurityRequestsTest {

    private final SessionAttributes attributes =
            new SessionAttributes(List.of(), List.of(new SecurityTypes(), new CsrfTokenAttribute()));

    @Test
    void keepsARequestToAServerThatLogsTheUserIn() {
        OAuth2AuthorizationRequest request = OAuth2AuthorizationRequest.authorizationCode()
                .authorizationUri("https://id.example.com/authorize")
                .clientId("shop")
                .redirectUri("https://shop.example.com/login/oauth2/code/keycloak")
                .scope("openid", "profile")
                .state("state")
                .additionalParameters(Map.of("nonce", "hash"))
                .attributes(Map.of("registration_id", "keycloak", "nonce", "nonce"))
                .build();

        OAuth2AuthorizationRequest read = (OAuth2AuthorizationRequest)
                attributes.read("a", attributes.write("a", request)).orElseThrow();

        assertThat(read.getState()).isEqualTo("state");
        assertThat(read.getScopes()).containsExactlyInAnyOrder("openid", "profile");
        assertThat(read.getAttributes()).isEqualTo(request.getAttributes());
        assertThat(read.getAuthorizationRequestUri()).isEqualTo(request.getAuthorizationRequestUri());
    }

    @Test
    void keepsASavedRequestWithoutCookiesAndSecretHeaders() {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/orders");
        request.setServerName("shop.example.com");
        request.setQueryString("page=2");
        request.addParameter("page", "2");
        request.setCookies(new Cookie("__Host-session", "the-session-id"));
        request.addHeader("cookie", "__Host-session=the-session-id");
        request.addHeader("Authorization", "Bearer secret");
        request.addHeader("Accept", "text/html");
        DefaultSavedRequest saved = new DefaultSavedRequest(request, "continue");

        String text = attributes.write("SPRING_SECURITY_SAVED_REQUEST", saved);
        DefaultSavedRequest read =
                (DefaultSavedRequest) attributes.read("a", text).orElseThrow();

        assertThat(text).doesNotContain("the-session-id").doesNotContain("secret");
        assertThat(read.getRedirectUrl()).isEqualTo("http://shop.example.com/orders?page=2&continue");
        assertThat(read.getMethod()).isEqualTo("GET");
        assertThat(read.getHeaderValues("accept")).containsExactly("text/html");
        assertThat(read.getParameterValues("page")).containsExactly("2");
        assertThat(read.getLocales()).isEqualTo(saved.getLocales());
        assertThat(read.getCookies()).isEmpty();
    }

    @Test
    void keepsWhyALoginFailed() {
        BadCredentialsException failure = new BadCredentialsException("Bad credentials");

        assertThat(attributes.read("a", attributes.write("a", failure)).orElseThrow())
                .isInstanceOf(BadCredentialsException.class)
                .hasToString(failure.toString());
    }

    @Test
    void keepsTheCsrfToken() {
        String text = attributes.write("csrf", new DefaultCsrfToken("X-CSRF-TOKEN", "_csrf", "secret"));

        assertThat(attributes.read("csrf", text).orElseThrow())
                .usingRecursiveComparison()
                .isEqualTo(new DefaultCsrfToken("X-CSRF-TOKEN", "_csrf", "secret"));
    }
}
