package dev.forge.benchmarks.peer;

import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.handler.flush.FlushConsolidationHandler;

/** Puts Netty's own handler first in the pipeline, so that the commands of one turn of the event loop leave in one write. */
final class FlushConsolidation implements NettyCustomizer {
    private static final int MOST_FLUSHES = 256;

    @Override
    public void afterChannelInitialized(Channel channel) {
        channel.pipeline().addFirst(new FlushConsolidationHandler(MOST_FLUSHES, true));
    }
}
