package com.example.app.user;

import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The profiles in the database, the source of truth. */
@Service
class DatabaseProfiles implements Profiles {
    private final UserProfileRepository repository;

    DatabaseProfiles(UserProfileRepository repository) {
        this.repository = repository;
    }

    @Override
    public Optional<UserProfile> find(long id) {
        return repository.findById(id);
    }

    @Override
    @Transactional
    public Optional<Saved> save(long id, ProfileChange change) {
        if (repository.update(id, change.name(), change.email()) == 0) {
            return Optional.empty();
        }
        return find(id).map(profile -> new Saved(profile, true));
    }
}
