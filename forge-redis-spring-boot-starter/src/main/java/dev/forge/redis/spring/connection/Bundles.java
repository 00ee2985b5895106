package dev.forge.redis.spring.connection;

import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/** SSL bundles by name, as they are at the moment of each connect. */
final class Bundles {

    private static final Logger LOG = LoggerFactory.getLogger(Bundles.class);

    private Bundles() {}

    /** @throws org.springframework.boot.ssl.NoSuchSslBundleException if there is none of that name */
    static Supplier<SslBundle> named(SslBundles bundles, String name) {
        // Without a handler, Boot would warn at each reload that the new certificates may not be used.
        bundles.addBundleUpdateHandler(
                name, updated -> LOG.debug("New connections to Redis use the reloaded SSL bundle {}", name));
        return () -> bundles.getBundle(name);
    }
}
