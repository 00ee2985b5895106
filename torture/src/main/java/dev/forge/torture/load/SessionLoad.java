package dev.forge.torture.load;

import dev.forge.redis.session.Session;
import dev.forge.redis.session.SessionStore;
import dev.forge.torture.check.Outcome;
import dev.forge.torture.check.SessionCheck;
import dev.forge.torture.fault.Loss;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Sessions that are created, read, changed, moved to another id and ended in two processes. */
public final class SessionLoad implements LoadStream {

    private static final int SLOTS = 100;
    private static final int MOST_LOOKS_AT_THE_DEAD = 5;
    private static final int MOST_SECRETS = 200;

    /** Creating or deleting a session also changes the list of its user's sessions. */
    private static final int TRIPS = 2;

    /** On a cluster a session moves to its new id in several steps. */
    private static final int ROTATION_TRIPS = 5;

    /** A place for one session, with what is known of it. */
    private static final class Place {
        private final String user;
        private @Nullable String id;
        private @Nullable String oldId;
        private @Nullable SessionCheck check;
        private int epoch;
        private int wayBack;
        private int looks;

        Place(String user) {
            this.user = user;
        }
    }

    private final Ground ground;
    private final Calls calls;
    private final List<SessionStore> stores;
    private final Random random;
    private final BlockingQueue<Place> free = new ArrayBlockingQueue<>(SLOTS);
    private final AtomicInteger waysBack = new AtomicInteger();
    private final AtomicInteger secrets = new AtomicInteger();
    private long steps;

    public SessionLoad(Ground ground, long seed) {
        this.ground = ground;
        this.calls = new Calls(ground, name());
        this.stores = List.of(SessionStore.create(ground.mine()), SessionStore.create(ground.theirs()));
        this.random = new Random(seed);
        for (int i = 0; i < SLOTS; i++) {
            free.add(new Place("user" + i));
        }
    }

    @Override
    public String name() {
        return "sessions";
    }

    @Override
    public double perSecond() {
        return 200;
    }

    @Override
    public void step() {
        Place place = free.poll();
        if (place == null) {
            return;
        }
        SessionStore store = stores.get((int) (steps++ % 2));
        String id = place.id;
        SessionCheck check = place.check;
        if (id == null || check == null || place.wayBack != waysBack.get() || place.looks > MOST_LOOKS_AT_THE_DEAD) {
            create(place, store);
            return;
        }
        if (check.isDead()) {
            place.looks++;
        }
        int choice = random.nextInt(20);
        String oldId = place.oldId;
        if (choice < 9 || check.isDead()) {
            calls.begin(
                    ground.deadline(),
                    () -> store.getAsync(id),
                    (outcome, found) -> ended(place, () -> seen(place, check, outcome, found)));
        } else if (choice < 15) {
            Map<String, String> changes = Map.of("n" + random.nextInt(4), steps + ground.filling());
            calls.begin(
                    ground.deadline(),
                    () -> store.mergeAsync(id, changes),
                    (outcome, found) -> ended(place, () -> {
                        check.changed(changes, outcome);
                        seen(place, check, outcome, found);
                    }));
        } else if (choice < 17 && oldId != null) {
            calls.begin(
                    ground.deadline(),
                    () -> store.getAsync(oldId),
                    (outcome, found) -> ended(place, () -> seenAtOldId(place, outcome, found)));
        } else if (choice < 18) {
            calls.begin(
                    ground.deadline().multipliedBy(ROTATION_TRIPS),
                    () -> store.rotateAsync(id),
                    (outcome, found) -> ended(place, () -> rotated(place, id, check, outcome, found)));
        } else if (choice < 19) {
            calls.begin(
                    ground.deadline().multipliedBy(TRIPS),
                    () -> store.deleteAsync(id),
                    (outcome, found) -> ended(place, () -> check.deleted(outcome)));
        } else {
            calls.begin(
                    ground.deadline().multipliedBy(ROTATION_TRIPS),
                    () -> store.deleteAllOfAsync(place.user),
                    (outcome, count) -> ended(place, () -> revoked(place, check, outcome)));
        }
    }

    @Override
    public void lost(Loss loss) {
        if (loss == Loss.GOES_BACK) {
            waysBack.incrementAndGet();
        }
    }

    @Override
    public Map<String, Long> outcomes() {
        return calls.counts();
    }

    private void create(Place place, SessionStore store) {
        Map<String, String> attributes = Map.of("first", steps + ground.filling());
        int epoch = ground.epochs().now();
        int wayBack = waysBack.get();
        calls.begin(
                ground.deadline().multipliedBy(TRIPS),
                () -> store.createAsync(place.user, attributes),
                (outcome, session) -> ended(place, () -> {
                    place.id = session == null ? null : session.id().value();
                    place.oldId = null;
                    place.check = session == null ? null : new SessionCheck(ground.violations(), attributes);
                    place.epoch = epoch;
                    place.wayBack = wayBack;
                    place.looks = 0;
                    if (session != null && secrets.getAndIncrement() < MOST_SECRETS) {
                        ground.secrets().addOneOfMany(session.id().value());
                    }
                }));
    }

    @SuppressWarnings("NullableOptional") // null is no answer, and not an empty one
    private void seen(Place place, SessionCheck check, Outcome outcome, @Nullable Optional<Session> found) {
        if (outcome == Outcome.OK && found != null && isSettled(place.wayBack)) {
            check.seen(
                    found.map(Session::attributes).orElse(null), ground.epochs().holds(place.epoch));
        }
    }

    /** The session has a new id and its old attributes, or has ended, or its state is unknown. */
    @SuppressWarnings("NullableOptional") // null is no answer, and not an empty one
    private void rotated(
            Place place, String id, SessionCheck check, Outcome outcome, @Nullable Optional<Session> found) {
        if (outcome != Outcome.OK || found == null) {
            // On a cluster it may have moved halfway, whatever the result of the last step.
            check.deleted(outcome == Outcome.OK ? Outcome.OK : Outcome.UNKNOWN);
            return;
        }
        if (found.isPresent()) {
            place.id = found.get().id().value();
            place.oldId = id;
        }
        seen(place, check, outcome, found);
    }

    @SuppressWarnings("NullableOptional") // null is no answer, and not an empty one
    private void seenAtOldId(Place place, Outcome outcome, @Nullable Optional<Session> found) {
        if (outcome == Outcome.OK && found != null && found.isPresent() && isSettled(place.wayBack)) {
            ground.violations().add(SessionCheck.DEAD, "a session was found at the id from which it had moved");
        }
    }

    /** All sessions of the user have ended, if no list of them was lost before. */
    private void revoked(Place place, SessionCheck check, Outcome outcome) {
        boolean sure = outcome == Outcome.OK && ground.epochs().holds(place.epoch);
        check.deleted(sure ? Outcome.OK : Outcome.UNKNOWN);
    }

    /** Returns whether Redis has not lost data since, and is not about to: {@link #lost} counts both moments. */
    private boolean isSettled(int wayBack) {
        return wayBack == waysBack.get() && wayBack % 2 == 0;
    }

    private void ended(Place place, Runnable check) {
        try {
            check.run();
        } finally {
            free.add(place);
        }
    }
}
