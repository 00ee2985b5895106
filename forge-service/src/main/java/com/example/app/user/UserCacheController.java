// forge:file redis
package com.example.app.user;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Removes all cached values of a user, by a key pattern. */
@RestController
@Tag(name = "users")
class UserCacheController {
    private final CachedProfiles profiles;

    UserCacheController(CachedProfiles profiles) {
        this.profiles = profiles;
    }

    @DeleteMapping("/users/{id}/caches")
    @Operation(summary = "Removes everything that is cached for one user")
    Cleared clear(@PathVariable @Parameter(example = "1") long id) {
        return new Cleared(profiles.clear(id));
    }

    record Cleared(long removed) {}
}
