package dev.forge.benchmarks.peer.profile;

import dev.forge.benchmarks.peer.RedissonClients;
import org.redisson.api.RBucket;
import org.redisson.api.RedissonClient;

/** Redisson: a bucket for each profile, with its default codec. */
final class RedissonProfiles implements ProfilePeer {
    private final RedissonClient redisson;

    RedissonProfiles(int port) {
        redisson = RedissonClients.open(port);
    }

    @Override
    public Profile get(String id) {
        RBucket<Profile> bucket = redisson.getBucket("redisson-profile:" + id);
        Profile profile = bucket.get();
        if (profile == null) {
            profile = Profile.of(Long.parseLong(id));
            bucket.set(profile, TTL);
        }
        return profile;
    }

    @Override
    public void close() {
        redisson.shutdown();
    }
}
