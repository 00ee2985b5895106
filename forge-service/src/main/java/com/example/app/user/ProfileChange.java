package com.example.app.user;

import com.example.app.web.PlainText;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Size;

/** The new contents of a profile. */
record ProfileChange(
        @PlainText @Size(max = 100) @Schema(example = "Ada King")
        String name,

        @PlainText @Email @Size(max = 200) @Schema(example = "ada@example.com")
        String email) {}
