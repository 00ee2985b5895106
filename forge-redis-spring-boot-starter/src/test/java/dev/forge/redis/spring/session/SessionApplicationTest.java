package dev.forge.redis.spring.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.session.SessionStore;
import dev.forge.redis.session.SessionView;
import dev.forge.redis.test.RedisExtension;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.security.core.session.SessionRegistry;
import org.springframework.session.FindByIndexNameSessionRepository;

/** Two instances of an application with Spring MVC and Spring Security, on Tomcat and one Redis. */
class SessionApplicationTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private static ConfigurableApplicationContext one;
    private static ConfigurableApplicationContext two;
    private static SessionStore sessions;

    private final Visitor visitor = new Visitor();

    @BeforeAll
    static void start() {
        one = SessionApplication.start(SERVER.url());
        two = SessionApplication.start(SERVER.url());
        sessions = one.getBean(SessionStore.class);
    }

    @AfterAll
    static void stop() {
        one.close();
        two.close();
    }

    @Test
    void showsAFlashAttributeAfterARedirectToAnotherInstanceOnce() {
        HttpResponse<String> saved = visitor.get(one, "/save");

        assertThat(saved.statusCode()).isEqualTo(302);
        assertThat(visitor.get(two, Visitor.location(saved)).body()).isEqualTo("Saved [1, 2]");
        assertThat(visitor.get(two, "/saved").body()).isEqualTo("null null");
    }

    @Test
    void leadsBackToTheSavedRequestAfterALogin() {
        HttpResponse<String> refused = visitor.get(one, "/orders?page=2", "Accept", "text/html");
        assertThat(Visitor.location(refused)).isEqualTo("/login");
        String planted = visitor.cookie("session");

        HttpResponse<String> login = visitor.login(two, "ada");

        assertThat(Visitor.location(login)).isEqualTo("/orders?page=2&continue");
        assertThat(visitor.get(one, Visitor.location(login)).body())
                .isEqualTo("ada UsernamePasswordAuthenticationToken page 2");
        assertThat(visitor.cookie("session")).hasSize(43).isNotEqualTo(planted);
        assertThat(sessions.get(planted)).isEmpty();
        assertThat(redis())
                .doesNotContain(planted)
                .doesNotContain("right")
                .doesNotContain("springframework.security.core");
    }

    @Test
    void saysOnAnotherInstanceWhyALoginFailed() {
        visitor.post(one, "/login", "/login", "username=ada&password=wrong");

        assertThat(visitor.get(two, "/why").body()).isEqualTo("Bad credentials");
    }

    @Test
    void remembersAUserAndKeepsThatLogin() {
        visitor.post(one, "/login", "/login", "username=bob&password=right&remember-me=on");
        visitor.forget("session");
        assertThat(visitor.get(one, "/orders").body()).isEqualTo("bob RememberMeAuthenticationToken page null");

        visitor.forget("remember-me");

        assertThat(visitor.get(two, "/orders").body()).isEqualTo("bob RememberMeAuthenticationToken page null");
    }

    @Test
    void knowsAUserByHttpBasic() {
        String basic = Base64.getEncoder().encodeToString("ada:right".getBytes(StandardCharsets.UTF_8));

        assertThat(visitor.get(one, "/orders", "Authorization", "Basic " + basic)
                        .body())
                .isEqualTo("ada UsernamePasswordAuthenticationToken page null");
    }

    @Test
    void keepsOidcAndSamlLoginsForAnotherInstance() {
        visitor.get(one, "/login-by/oidc");
        assertThat(visitor.get(two, "/who").body())
                .isEqualTo("olga " + SessionApplication.oidc().getPrincipal());
        assertThat(visitor.get(two, "/orders").body()).isEqualTo("olga OAuth2AuthenticationToken page null");

        Visitor other = new Visitor();
        other.get(one, "/login-by/saml");
        assertThat(other.get(two, "/orders").body()).isEqualTo("sam Saml2AssertionAuthentication page null");
        assertThat(sessions.directory().findAllOf("sam")).hasSize(1);
    }

    @Test
    void expelsTheFirstSessionOfAUserWhoMayHaveOne() {
        visitor.login(one, "solo");
        assertThat(visitor.get(two, "/orders").statusCode()).isEqualTo(200);
        Visitor second = new Visitor();

        second.login(two, "solo");

        assertThat(Visitor.location(visitor.get(one, "/orders"))).isEqualTo("/expired");
        assertThat(second.get(one, "/orders").statusCode()).isEqualTo(200);
        assertThat(visitor.get(one, "/orders").statusCode()).isEqualTo(401);

        // A login in the session that is the only one does not expel it.
        second.login(one, "solo");
        assertThat(second.get(two, "/orders").statusCode()).isEqualTo(200);
        assertThat(one.getBean(SessionRegistry.class).getAllSessions("solo", false))
                .hasSize(1);

        second.post(two, "/logout", "/logout", "");
        assertThat(sessions.directory().findAllOf("solo")).isEmpty();
    }

    @Test
    void findsAndEndsTheSessionsOfAUserByHandlesThatOpenNone() {
        FindByIndexNameSessionRepository<?> repository = one.getBean(FindByIndexNameSessionRepository.class);
        visitor.login(one, "bob");
        String id = visitor.cookie("session");
        String handle = sessions.directory().handleOf(id).orElseThrow();

        assertThat(repository.findByPrincipalName("bob")).containsKey(handle).doesNotContainKey(id);
        assertThat(repository.findByIndexNameAndIndexValue("other", "bob")).isEmpty();
        assertThat(repository.findByPrincipalName("")).isEmpty();
        assertThat(new Visitor()
                        .get(one, "/orders", "Cookie", "session=" + handle)
                        .statusCode())
                .isEqualTo(401);
        assertThat(visitor.get(two, "/orders").statusCode()).isEqualTo(200);

        repository.deleteById(handle);

        assertThat(visitor.get(two, "/orders").statusCode()).isEqualTo(401);
        assertThat(repository.findByPrincipalName("bob")).doesNotContainKey(handle);
    }

    @Test
    void forgetsTheUserOfASessionThatExpires() {
        try (ConfigurableApplicationContext brief =
                SessionApplication.start(SERVER.url(), "spring.session.timeout=3s", "forge.session.name=brief")) {
            visitor.login(brief, "ada");
            SessionStore store = brief.getBean(SessionStore.class);
            assertThat(store.directory().findAllOf("ada"))
                    .extracting(SessionView::user)
                    .containsExactly("ada");

            await().atMost(Duration.ofSeconds(10))
                    .until(() -> store.directory().findAllOf("ada").isEmpty());

            assertThat(SERVER.server().command("KEYS", "brief*").strip()).isEmpty();
        }
    }

    @Test
    void staysLoggedInWithAnAttributeOfAnotherRelease() {
        visitor.login(one, "ada");

        sessions.merge(visitor.cookie("session"), Map.of("cart", "type:cart-v2:{\"x\":1}", "old", "rubbish"));

        assertThat(visitor.get(two, "/orders").statusCode()).isEqualTo(200);
    }

    /** Returns all that the sessions in Redis hold. */
    private static String redis() {
        StringBuilder all = new StringBuilder();
        for (String key : List.of(SERVER.server().command("KEYS", "*").strip().split("\\s+"))) {
            String type = SERVER.server().command("TYPE", key).strip();
            all.append(key).append(type.equals("hash") ? SERVER.server().command("HGETALL", key) : "");
        }
        return all.toString();
    }
}
