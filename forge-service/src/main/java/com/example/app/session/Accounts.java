// forge:file redis
package com.example.app.session;

import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** The table {@code app_user}: who may log in. */
@Repository
public class Accounts {
    private final JdbcClient jdbc;

    Accounts(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Whether the user who logs in by {@code name} has the profile {@code userId}. */
    public boolean owns(String name, long userId) {
        return jdbc.sql("select count(*) from app_user where name = ? and user_id = ?")
                        .params(name, userId)
                        .query(Long.class)
                        .single()
                == 1;
    }

    /** The hash of the password; empty if no user has this name. */
    Optional<String> passwordHash(String name) {
        return jdbc.sql("select password_hash from app_user where name = ?")
                .param(name)
                .query(String.class)
                .optional();
    }

    /** Gives users, by name and profile, a password. Those without a profile are left out. */
    @Transactional
    void setPasswords(Map<String, Long> users, String passwordHash) {
        users.forEach((name, userId) -> {
            jdbc.sql("delete from app_user where name = ? or user_id = ?")
                    .params(name, userId)
                    .update();
            jdbc.sql("insert into app_user (name, user_id, password_hash)"
                            + " select cast(? as varchar), id, cast(? as varchar) from user_profile where id = ?")
                    .params(name, passwordHash, userId)
                    .update();
        });
    }
}
