package dev.forge.redis.internal.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * A key manager that presents its only certificate to every server that requests one.
 *
 * <p>The JDK's key manager withholds a certificate whose authority the server does not list. The server could then only
 * report a missing certificate, and not what is wrong with it.
 */
public final class OnlyKey extends X509ExtendedKeyManager {

    private static final String ALIAS = "client";

    private final @Nullable KeyMaterial material;

    public OnlyKey(@Nullable KeyMaterial material) {
        this.material = material;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
        return alias(keyTypes);
    }

    @Override
    public @Nullable String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return alias(keyTypes);
    }

    private @Nullable String alias(String... keyTypes) {
        KeyMaterial own = material;
        // The type of the signature may follow, after an underscore.
        return own != null
                        && Arrays.stream(keyTypes)
                                .anyMatch(type ->
                                        type.split("_", 2)[0].equals(own.key().getAlgorithm()))
                ? ALIAS
                : null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal[] issuers) {
        String alias = alias(keyType);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return material == null ? null : material.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return material == null ? null : material.key();
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal[] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return null;
    }
}
