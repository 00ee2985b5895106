package com.example.app.user;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Reads and changes a user's profile. The first database migration creates users 1 to 3.
 *
 * <p>A sample: anyone may do both. Before you deploy it, check that the caller is that user.
 */
@RestController
@RequestMapping("/users/{id:[0-9]+}/profile") // Plain digits: as a number, 0x1 or +1 would do too.
@Tag(name = "users")
class ProfileController {
    private final Profiles profiles;

    ProfileController(Profiles profiles) {
        this.profiles = profiles;
    }

    @GetMapping
    @Operation(summary = "Reads a profile")
    UserProfile read(@PathVariable @Parameter(example = "1") long id) {
        return profiles.find(id).orElseThrow(() -> noSuchUser(id));
    }

    @PutMapping
    @Operation(summary = "Changes a profile")
    ResponseEntity<UserProfile> change(
            @PathVariable @Parameter(example = "1") long id, @RequestBody @Valid ProfileChange change) {
        Profiles.Saved saved = profiles.save(id, change).orElseThrow(() -> noSuchUser(id));
        ResponseEntity.BodyBuilder answer = ResponseEntity.ok();
        if (!saved.shownAtOnce()) {
            answer.header("Cache-Invalidation", "failed");
        }
        return answer.body(saved.profile());
    }

    private static ResponseStatusException noSuchUser(long id) {
        return new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no user " + id + ".");
    }
}
