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
 * Shows the one certificate that there is to every server that asks for one.
 *
 * <p>The one of the JDK keeps back what the server does not say that it trusts: the server could then only say that it got none.
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
        // A type may be followed by that of the signature.
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
