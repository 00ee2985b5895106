package dev.forge.benchmarks.peer.session;

import dev.forge.benchmarks.peer.Library;
import dev.forge.benchmarks.peer.Opened;

/** Sessions of a web application, kept in Redis. */
public interface SessionPeer extends Opened {

    /** The number of attributes of each session. */
    int ATTRIBUTES = 5;

    /** Returns the id of a new session with {@value #ATTRIBUTES} attributes. */
    String create(String user);

    /** Does what one request does that changes an attribute: loads the session, changes it, saves it. */
    void change(String id, String value);

    /** Does what one request does that changes nothing; returns how many attributes there are. */
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
