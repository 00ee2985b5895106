package dev.forge.benchmarks.peer.session;

import dev.forge.benchmarks.peer.Library;
import dev.forge.benchmarks.peer.Opened;

/** Sessions of a web application, kept in Redis. */
public interface SessionPeer extends Opened {

    /** The number of attributes of each session. */
    int ATTRIBUTES = 5;

    /** Returns the id of a new session with {@value #ATTRIBUTES} attributes. */
    String create(String user);

    /** Does the work of a request that changes an attribute: loads, changes and saves the session. */
    void change(String id, String value);

    /** Does the work of a request that changes nothing; returns the number of attributes. */
    int read(String id);

    /** Connects {@code library} to the server at {@code port} of this machine. */
    static SessionPeer open(Library library, int port) {
        return switch (library) {
            case FORGE -> new ForgeSessions(port);
            case SPRING_SESSION -> new SpringSessions(port);
            default -> throw library.doesNot("keep sessions");
        };
    }
}
