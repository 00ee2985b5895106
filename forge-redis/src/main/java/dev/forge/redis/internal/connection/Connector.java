package dev.forge.redis.internal.connection;

import dev.forge.redis.internal.transport.Patience;
import java.util.concurrent.CompletionStage;

/** Makes one connection, logged in and ready. */
public interface Connector {

    /** Connects or fails, at the latest shortly after {@code patience}. */
    CompletionStage<PipelinedConnection> connect(Patience patience);
}
