package dev.forge.redis.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** One round of a race: random operations, and the invariants that hold whatever their order. */
final class RaceRound {

    private static final int STEPS = 4;

    /** One session with all its ids. */
    private static final class Lineage {
        final List<String> ids = new CopyOnWriteArrayList<>();
        final Set<String> attributes = ConcurrentHashMap.newKeySet();
        volatile long createdAt;
        volatile boolean deleted;
    }

    /** A session under one of its ids. */
    private record Known(Lineage lineage, String id) {}

    private final SessionStore sessions;
    private final String user;
    private final long seed;
    private final RaceTotals totals;
    private final boolean deadly;

    private final List<Lineage> lineages = new CopyOnWriteArrayList<>();
    private final List<Known> known = new CopyOnWriteArrayList<>();
    private final Set<String> dead = ConcurrentHashMap.newKeySet();
    private final List<Long> revocations = new CopyOnWriteArrayList<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final AtomicInteger names = new AtomicInteger();
    private final AtomicLong clock = new AtomicLong();

    RaceRound(SessionStore sessions, String user, long seed, RaceTotals totals) {
        this.sessions = sessions;
        this.user = user;
        this.seed = seed;
        this.totals = totals;
        // Every other round deletes nothing, so that more sessions can be lost.
        this.deadly = seed % 2 == 0;
    }

    void run(ExecutorService threads, int count) throws Exception {
        create();
        create();
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Random random = new Random(seed * 31 + i);
            running.add(threads.submit(() -> {
                for (int step = 0; step < STEPS; step++) {
                    step(random);
                }
            }));
        }
        for (Future<?> thread : running) {
            SessionRaceTest.join(thread);
        }
        check();
        assertThat(violations).as("seed %d", seed).isEmpty();
    }

    private void step(Random random) {
        Known session = known.get(random.nextInt(known.size()));
        boolean wasDead = dead.contains(session.id);
        boolean found = switch (random.nextInt(deadly ? 17 : 14)) {
            case 0 -> create();
            case 1, 2, 3, 4 -> merge(session);
            case 5, 6, 7 -> save(session);
            case 8 -> sessions.touch(session.id);
            case 9 -> sessions.get(session.id).isPresent();
            case 10, 11, 12, 13 -> rotate(session);
            case 14, 15 -> delete(session);
            default -> deleteAll();
        };
        if (found && wasDead) {
            violations.add("a dead id was alive");
        }
    }

    /** Returns false, as every operation does that did not find its session. */
    private boolean create() {
        Session session = sessions.create(user, Map.of());
        Lineage lineage = new Lineage();
        lineage.createdAt = clock.incrementAndGet();
        lineage.ids.add(session.id().value());
        lineages.add(lineage);
        known.add(new Known(lineage, session.id().value()));
        return false;
    }

    private boolean merge(Known session) {
        String name = "m" + names.incrementAndGet();
        boolean merged = sessions.merge(session.id, Map.of(name, "1")).isPresent();
        if (merged) {
            session.lineage.attributes.add(name);
        }
        totals.count(merged ? "merged" : "merged nothing");
        return merged;
    }

    private boolean save(Known session) {
        Optional<Session> read = sessions.get(session.id);
        if (read.isEmpty()) {
            return false;
        }
        String name = "s" + names.incrementAndGet();
        SaveResult result = sessions.save(read.get().with(name, "1"));
        if (result instanceof SaveResult.Saved) {
            session.lineage.attributes.add(name);
            totals.count("saved");
        } else if (result instanceof SaveResult.Stale) {
            totals.count("stale");
        }
        return true;
    }

    private boolean rotate(Known session) {
        Optional<Session> rotated = sessions.rotate(session.id);
        totals.count(rotated.isPresent() ? "rotated" : "rotated nothing");
        if (rotated.isEmpty()) {
            return false;
        }
        String id = rotated.get().id().value();
        session.lineage.ids.add(id);
        known.add(new Known(session.lineage, id));
        dead.add(session.id);
        return true;
    }

    private boolean delete(Known session) {
        boolean deleted = sessions.delete(session.id);
        if (deleted) {
            session.lineage.deleted = true;
            dead.add(session.id);
            totals.count("deleted");
        }
        return deleted;
    }

    private boolean deleteAll() {
        long begunAt = clock.incrementAndGet();
        List<Known> before = List.copyOf(known);
        sessions.deleteAllOf(user);
        revocations.add(begunAt);
        before.forEach(session -> dead.add(session.id));
        totals.count("revoked");
        return false;
    }

    private void check() {
        int alive = 0;
        for (Lineage lineage : lineages) {
            List<Session> found = lineage.ids.stream()
                    .map(sessions::get)
                    .flatMap(Optional::stream)
                    .toList();
            alive += found.size();
            boolean ended = lineage.deleted || revocations.stream().anyMatch(begunAt -> begunAt > lineage.createdAt);
            if (found.size() > 1) {
                violations.add("one session has two ids");
            }
            if (ended && !found.isEmpty()) {
                violations.add("a session outlived its end");
            }
            if (!ended && revocations.isEmpty() && found.isEmpty()) {
                violations.add("a session is gone");
            }
            if (found.size() == 1 && !found.get(0).attributes().keySet().equals(lineage.attributes)) {
                violations.add("attributes " + found.get(0).attributes().keySet() + " and not " + lineage.attributes);
            }
            totals.count(found.isEmpty() ? "died" : "survived");
            checkEnded(lineage, found);
        }
        if (sessions.sessionsOf(user).size() != alive) {
            violations.add("the list is wrong");
        }
        if (sessions.deleteAllOf(user) != alive) {
            violations.add("the revocation counted wrong");
        }
    }

    private void checkEnded(Lineage lineage, List<Session> found) {
        for (String id : lineage.ids) {
            boolean isAlive =
                    found.stream().anyMatch(session -> session.id().value().equals(id));
            if (!isAlive && (sessions.merge(id, Map.of("a", "1")).isPresent() || sessions.touch(id))) {
                violations.add("a dead id came back");
            }
        }
    }
}
