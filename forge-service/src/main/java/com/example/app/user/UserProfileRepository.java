package com.example.app.user;

import java.util.Optional;
import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** The table {@code user_profile}. */
interface UserProfileRepository extends Repository<UserProfile, Long> {
    Optional<UserProfile> findById(long id);

    /** Returns the number of changed rows: 0 if there is no such user. */
    @Modifying
    @Query("update user_profile set name = :name, email = :email where id = :id")
    int update(long id, String name, String email);
}
