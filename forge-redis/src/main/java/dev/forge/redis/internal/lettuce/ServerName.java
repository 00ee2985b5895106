package dev.forge.redis.internal.lettuce;

import dev.forge.redis.internal.tls.ServerNames;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** Sends the name of the server (SNI) where Lettuce does not: see {@link ServerNames}. */
final class ServerName implements NettyCustomizer {

    @Override
    public void afterChannelInitialized(Channel channel) {
        SslHandler encryption = channel.pipeline().get(SslHandler.class);
        SSLEngine engine = encryption == null ? null : encryption.engine();
        String host = engine == null ? null : engine.getPeerHost();
        if (engine != null && host != null) {
            SSLParameters parameters = engine.getSSLParameters();
            ServerNames.send(host, parameters);
            engine.setSSLParameters(parameters);
        }
    }
}
