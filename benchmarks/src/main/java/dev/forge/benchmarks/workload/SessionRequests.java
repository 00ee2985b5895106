package dev.forge.benchmarks.workload;

import dev.forge.benchmarks.measure.Bench;
import dev.forge.benchmarks.measure.Keys;
import dev.forge.benchmarks.peer.Library;
import dev.forge.benchmarks.peer.Opened;
import dev.forge.benchmarks.peer.session.SessionPeer;
import java.util.List;
import java.util.stream.IntStream;

/** The session work of web requests. With one thread, the server reads once for each round trip. */
public final class SessionRequests implements Workload {
    private static final List<Library> LIBRARIES = List.of(Library.FORGE, Library.SPRING_SESSION);

    private final int threads;
    private final boolean changing;

    private SessionRequests(int threads, boolean changing) {
        this.threads = threads;
        this.changing = changing;
    }

    /** Creates a workload in which each request changes one attribute. */
    public static SessionRequests changing(int threads) {
        return new SessionRequests(threads, true);
    }

    /** Creates a workload in which no request changes anything. */
    public static SessionRequests reading(int threads) {
        return new SessionRequests(threads, false);
    }

    @Override
    public String scenario() {
        return "request that " + (changing ? "changes" : "reads") + " its session, " + ClosedLoop.count(threads);
    }

    /** A library and the ids of its sessions. */
    private record Sessions(SessionPeer peer, List<String> ids) implements Opened {
        @Override
        public void close() {
            peer.close();
        }
    }

    @Override
    public void run(Bench bench) {
        bench.compare(
                scenario(),
                LIBRARIES,
                (library, port) -> {
                    SessionPeer peer = SessionPeer.open(library, port);
                    return new Sessions(
                            peer,
                            IntStream.range(0, Keys.COUNT)
                                    .mapToObj(i -> peer.create("user" + i))
                                    .toList());
                },
                (sessions, time) -> bench.crew(
                                ClosedLoop.timed(threads, Keys.COUNT, number -> request(sessions, number)),
                                Thread::new,
                                time)
                        .metrics());
    }

    private void request(Sessions sessions, long number) {
        String id = sessions.ids().get((int) (number % Keys.COUNT));
        if (changing) {
            sessions.peer().change(id, "value " + number);
        } else {
            ClosedLoop.check(sessions.peer().read(id) == SessionPeer.ATTRIBUTES);
        }
    }
}
