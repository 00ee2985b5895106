package dev.forge.redis.spring.session;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.oauth2.core.oidc.user.OidcUserAuthority;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.saml2.provider.service.authentication.Saml2AssertionAuthentication;
import org.springframework.security.saml2.provider.service.authentication.Saml2ResponseAssertion;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.bind.annotation.SessionAttribute;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** A shop with Spring MVC and Spring Security, which knows nothing of Forge. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Controller
class SessionApplication {

    private final SecurityContextRepository contexts = new HttpSessionSecurityContextRepository();

    /** Starts an instance on a free port. */
    static ConfigurableApplicationContext start(String redis, String... properties) {
        return new SpringApplicationBuilder(SessionApplication.class)
                .properties(
                        "server.port=0",
                        "forge.redis.connection-url=" + redis,
                        "forge.session.secure-cookie=false",
                        "spring.session.timeout=10m")
                .properties(properties)
                .run();
    }

    @Bean
    SecurityFilterChain security(HttpSecurity http) {
        return http.formLogin(Customizer.withDefaults())
                .httpBasic(Customizer.withDefaults())
                .rememberMe(remember -> remember.key("key"))
                .sessionManagement(sessions -> sessions.sessionConcurrency(concurrency -> concurrency
                        .maximumSessions(login -> login.getName().equals("solo") ? 1 : -1)
                        .expiredUrl("/expired")))
                .authorizeHttpRequests(requests -> requests.requestMatchers("/orders")
                        .authenticated()
                        .anyRequest()
                        .permitAll())
                .build();
    }

    @Bean
    UserDetailsService users() {
        return new InMemoryUserDetailsManager(user("ada"), user("bob"), user("solo"));
    }

    private static org.springframework.security.core.userdetails.UserDetails user(String name) {
        return User.withUsername(name).password("{noop}right").roles("USER").build();
    }

    @GetMapping("/orders")
    @ResponseBody
    String orders(Authentication login, HttpServletRequest request) {
        return login.getName() + " " + login.getClass().getSimpleName() + " page " + request.getParameter("page");
    }

    @GetMapping("/save")
    String save(RedirectAttributes redirect) {
        redirect.addFlashAttribute("message", "Saved").addFlashAttribute("ids", List.of(1, 2));
        return "redirect:/saved";
    }

    @GetMapping("/saved")
    @ResponseBody
    String saved(Model model) {
        return model.getAttribute("message") + " " + model.getAttribute("ids");
    }

    /** Logs a user in as the filter of a protocol does, once the other server has answered. */
    @GetMapping("/login-by/{protocol}")
    @ResponseBody
    String loginBy(@PathVariable String protocol, HttpServletRequest request, HttpServletResponse response) {
        Authentication login = protocol.equals("oidc") ? oidc() : saml();
        request.getSession();
        request.changeSessionId();
        contexts.saveContext(new SecurityContextImpl(login), request, response);
        return login.getName();
    }

    @GetMapping("/why")
    @ResponseBody
    String why(@SessionAttribute("SPRING_SECURITY_LAST_EXCEPTION") Exception failure) {
        return String.valueOf(failure.getMessage());
    }

    @GetMapping("/who")
    @ResponseBody
    String who() {
        Authentication login = SecurityContextHolder.getContext().getAuthentication();
        return login == null ? "" : login.getName() + " " + login.getPrincipal();
    }

    static OAuth2AuthenticationToken oidc() {
        OidcIdToken token = new OidcIdToken(
                "jwt",
                Instant.ofEpochSecond(1),
                Instant.ofEpochSecond(2),
                Map.of("sub", "olga", "iss", issuer(), "number", 5_000_000_000L));
        DefaultOidcUser user = new DefaultOidcUser(List.of(new OidcUserAuthority(token)), token);
        return new OAuth2AuthenticationToken(user, user.getAuthorities(), "idp");
    }

    private static Object issuer() {
        try {
            return URI.create("https://id.example.com").toURL();
        } catch (java.net.MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    static Saml2AssertionAuthentication saml() {
        Saml2ResponseAssertion assertion = Saml2ResponseAssertion.withResponseValue("<response/>")
                .nameId("sam")
                .attributes(Map.of("mail", List.of("sam@example.com")))
                .build();
        return new Saml2AssertionAuthentication(
                "sam", assertion, List.of(new SimpleGrantedAuthority("ROLE_USER")), "idp");
    }
}
