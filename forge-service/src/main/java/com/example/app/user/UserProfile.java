package com.example.app.user;

import io.swagger.v3.oas.annotations.media.Schema;
import org.springframework.data.annotation.Id;

/** The profile of a user: a row of {@code user_profile}, and the JSON of the profile routes. */
record UserProfile(
        @Id @Schema(example = "1") long id,
        @Schema(example = "Ada Lovelace") String name,
        @Schema(example = "ada@example.com") String email) {}
