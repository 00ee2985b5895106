package dev.forge.redis.internal.protocol;

import dev.forge.redis.script.LuaScript;

/** The connection that a call was given to, as the call and its owner see it. */
public interface CallConnection {

    String address();

    /** The reply to {@code call} is there. Returns whether it can be trusted; if not, the call ends with the connection. */
    boolean replied(Call<?> call);

    /** The caller of {@code call} has its answer. Runs on the event loop. */
    void handedOut(Call<?> call);

    /**
     * The server could not make sense of a command, and closes the connection: what was sent after that has not run. Runs on the
     * event loop.
     */
    void cutOff(String error);

    /** A call has had no answer in its time. */
    void missed(Call<?> call);

    /** A reply does not fit its command, so that other replies may have gone to the wrong calls. Runs on the event loop. */
    void distrust(MisplacedReplyException reason);

    /** Returns whether the reply to {@code call} cannot be trusted. */
    boolean distrusts(Call<?> call);

    /**
     * Takes a script again, to send it in full, because the server has forgotten it: and therefore every other one as well, which
     * goes in full from now on, so that it keeps its place among the calls of its thread. Runs on the event loop.
     */
    void forgotten(Call<?> call, LuaScript script);

    /** Returns whether it is one of the connections of a node that share the calls, and not one with a purpose of its own. */
    boolean isOfNode();

    /** Closes the connection; its calls fail. */
    void close();
}
