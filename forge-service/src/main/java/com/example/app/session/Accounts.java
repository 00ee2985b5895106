// forge:file redis
package com.example.app.session;

import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Who may log in: the table {@code app_user}, and the sample users in development. */
@Repository
public class Accounts {
    private final JdbcClient jdbc;
    private final Optional<SampleUsers> samples;

    Accounts(JdbcClient jdbc, Optional<SampleUsers> samples) {
        this.jdbc = jdbc;
        this.samples = samples;
    }

    /** Whether the user who logs in by {@code name} has the profile {@code userId}. */
    public boolean owns(String name, long userId) {
        return find(name).filter(account -> account.userId() == userId).isPresent();
    }

    /** Empty if no user has this name. */
    Optional<Account> find(String name) {
        return jdbc.sql("select user_id, password_hash from app_user where name = ?")
                .param(name)
                .query((row, number) -> new Account(row.getLong("user_id"), row.getString("password_hash")))
                .optional()
                .or(() -> samples.flatMap(users -> users.find(name)));
    }
}
