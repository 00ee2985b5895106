package com.example.app.user;

import java.util.Optional;

/** Reads and changes the profiles of users. */
interface Profiles {
    /** The profile, or empty if there is no such user. */
    Optional<UserProfile> find(long id);

    /** Changes a profile and commits the change; empty if there is no such user. */
    Optional<Saved> save(long id, ProfileChange change);

    /**
     * A committed change.
     *
     * @param profile the profile as it is now
     * @param shownAtOnce false if an older copy may still be shown for a while
     */
    record Saved(UserProfile profile, boolean shownAtOnce) {}
}
