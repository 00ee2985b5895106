package dev.forge.redis.spring.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.test.RedisExtension;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.session.autoconfigure.SessionAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The error pages of an application in which every page needs a login. */
class ErrorPageTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @RestController
    static class Shop {
        @Bean
        SecurityFilterChain security(HttpSecurity http) {
            return http.formLogin(Customizer.withDefaults())
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .build();
        }

        @Bean
        UserDetailsService users() {
            return new InMemoryUserDetailsManager(User.withUsername("ada")
                    .password("{noop}right")
                    .roles("USER")
                    .build());
        }

        @GetMapping("/broken")
        String broken() {
            throw new IllegalStateException("broken");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void belongToTheSession(boolean hasSpringBootSession) {
        ClassLoader loader = hasSpringBootSession
                ? getClass().getClassLoader()
                : new FilteredClassLoader(SessionAutoConfiguration.class.getPackageName());
        try (ConfigurableApplicationContext shop = new SpringApplicationBuilder(Shop.class)
                .resourceLoader(new DefaultResourceLoader(loader))
                .properties(
                        "server.port=0",
                        "forge.redis.connection-url=" + SERVER.url(),
                        "forge.session.secure-cookie=false",
                        "spring.autoconfigure.exclude="
                                + (hasSpringBootSession ? "" : SessionAutoConfiguration.class.getName()))
                .run()) {
            Visitor visitor = new Visitor();
            visitor.login(shop, "ada");

            assertThat(visitor.get(shop, "/missing").statusCode()).isEqualTo(404);
            assertThat(visitor.get(shop, "/broken").statusCode()).isEqualTo(500);
        }
    }
}
