// forge:file redis
package com.example.app.session;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** Lets the sample users log in, in development only: with a password that is new at each start, and is logged. */
@Component
@Profile("development")
@ConditionalOnWebApplication
class SampleUsers implements ApplicationRunner {
    private static final Logger LOG = LoggerFactory.getLogger(SampleUsers.class);
    private static final Map<String, Long> USERS = Map.of("ada", 1L, "alan", 2L, "grace", 3L);

    private final Accounts accounts;
    private final Passwords passwords;
    private final String password;

    SampleUsers(
            Accounts accounts, Passwords passwords, @Value("${app.sample-users.password:}") String password) {
        this.accounts = accounts;
        this.passwords = passwords;
        this.password = password.isEmpty() ? random() : password;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        accounts.setPasswords(USERS, passwords.hash(password));
        LOG.info("The users ada, alan and grace log in with the password {}", password);
    }

    private static String random() {
        byte[] bytes = new byte[12];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().encodeToString(bytes);
    }
}
