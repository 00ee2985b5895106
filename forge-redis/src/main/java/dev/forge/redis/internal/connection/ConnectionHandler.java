package dev.forge.redis.internal.connection;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Receives what Netty reports about a connection: bytes, errors, and its end. Its place is next to the network.
 *
 * <p>Confined to the event loop.
 */
final class ConnectionHandler extends ChannelInboundHandlerAdapter {

    private static final long READING_MILLIS = 50;

    private final PipelinedConnection pipeline;

    ConnectionHandler(PipelinedConnection pipeline) {
        this.pipeline = pipeline;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        pipeline.attach(added);
    }

    @Override
    public void channelRead(ChannelHandlerContext connection, Object message) {
        pipeline.monitor().heard();
        connection.fireChannelRead(message);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext connection) {
        if (connection.channel().isWritable()) {
            pipeline.write();
        }
        connection.fireChannelWritabilityChanged();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext connection, Throwable cause) {
        if (!pipeline.isReady()) {
            connection.fireExceptionCaught(cause);
        } else if (cause instanceof IOException) {
            // Nothing more can be written, but replies that have arrived can still be read.
            pipeline.onLoop(loop -> loop.schedule(pipeline::close, READING_MILLIS, TimeUnit.MILLISECONDS));
        } else {
            // The client would fail only one call, and every later reply might go to the wrong one.
            connection.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext connection) {
        pipeline.lost();
        connection.fireChannelInactive();
        pipeline.release();
    }
}
