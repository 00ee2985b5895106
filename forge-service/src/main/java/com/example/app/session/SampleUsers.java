// forge:file redis
package com.example.app.session;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * The sample users, who may log in in development only: with a password that is new at each start, and is logged.
 *
 * <p>They are in memory, and so never in a database that is used for production later.
 */
@Component
@Profile("development")
@ConditionalOnWebApplication
class SampleUsers implements ApplicationRunner {
    private static final Logger LOG = LoggerFactory.getLogger(SampleUsers.class);
    private static final Map<String, Long> USERS = Map.of("ada", 1L, "alan", 2L, "grace", 3L);

    private final String password;
    private final String passwordHash;

    SampleUsers(Passwords passwords, @Value("${app.sample-users.password:}") String password) {
        this.password = password.isEmpty() ? random() : password;
        this.passwordHash = passwords.hash(this.password);
    }

    @Override
    public void run(ApplicationArguments arguments) {
        LOG.info("The users ada, alan and grace log in with the password {}", password);
    }

    Optional<Account> find(String name) {
        return Optional.ofNullable(USERS.get(name)).map(userId -> new Account(userId, passwordHash));
    }

    private static String random() {
        byte[] bytes = new byte[12];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().encodeToString(bytes);
    }
}
