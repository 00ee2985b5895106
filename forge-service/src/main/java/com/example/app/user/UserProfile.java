package com.example.app.user;

import org.springframework.data.annotation.Id;

/** The profile of a user: a row of {@code user_profile}, and the JSON of the profile routes. */
record UserProfile(@Id long id, String name, String email) {}
