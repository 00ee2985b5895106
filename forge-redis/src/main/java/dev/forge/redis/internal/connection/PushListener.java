package dev.forge.redis.internal.connection;

import java.util.List;

/** Takes the push messages of a server. */
public interface PushListener {

    /**
     * Called for each message, in its order among the replies, on the thread that reads them.
     *
     * @param message its elements, as {@link dev.forge.redis.internal.protocol.Reply.Any} returns them
     */
    void pushed(List<?> message);
}
