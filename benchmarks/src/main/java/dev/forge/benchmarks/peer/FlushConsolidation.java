package dev.forge.benchmarks.peer;

import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.handler.flush.FlushConsolidationHandler;

/** Puts Netty's own handler first in the pipeline, so that commands of one event-loop turn are sent in one write. */
final class FlushConsolidation implements NettyCustomizer {
    private static final int MOST_FLUSHES = 256;

    @Override
    public void afterChannelInitialized(Channel channel) {
        channel.pipeline().addFirst(new FlushConsolidationHandler(MOST_FLUSHES, true));
    }
}
