package dev.forge.redis.internal.protocol;

import dev.forge.redis.script.LuaScript;

/** The connection that a call was given to, as the call and its owner see it. */
public interface CallConnection {

    String address();

    /**
     * The server could not parse a command and closes the connection: commands sent after that one have not run.
     */
    void cutOff(String error);

    /**
     * A call has timed out without a reply.
     *
     * @param provesSilence whether the server should have replied by then, so that it may be unresponsive
     */
    void missed(Call<?> call, boolean provesSilence);

    /**
     * Sends a call again, in full by now, because the server no longer knows its script.
     *
     * <p>The server has then lost all other scripts too. Each is sent in full from now on, so that it keeps its place
     * among the calls of its thread.
     */
    void forgotten(Call<?> call, LuaScript script);

    /**
     * Returns whether this is one of the connections among which a node shares its calls, rather than a dedicated one.
     */
    boolean isOfNode();

    /** Closes the connection; its calls fail. */
    void close();
}
