package dev.forge.redis.internal.tls;

import java.security.SignatureException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in words why a TLS handshake has failed, where the JDK says little, and which setting concerns it. */
public final class HandshakeFailure {

    private static final Pattern ALERT = Pattern.compile("Received fatal alert: (\\w+)$");

    private HandshakeFailure() {}

    /**
     * Returns the reason.
     *
     * @param cause the innermost cause, as the JDK has thrown it
     * @param message its message, or its class if it has none
     */
    public static String describe(Throwable cause, String message) {
        if (cause instanceof CertificateExpiredException) {
            return "a certificate of the server has expired (" + message + ")";
        }
        if (cause instanceof CertificateNotYetValidException) {
            return "a certificate of the server is not valid yet by the clock of this machine (" + message + ")";
        }
        if (cause instanceof CertPathBuilderException) {
            return "the certificate of the server is from no authority that is trusted, see REDIS_TLS_CA_FILE ("
                    + message + ")";
        }
        // The issuer has the name of an authority that is trusted, so the JDK has tried the key of that one.
        if (cause instanceof SignatureException) {
            return "the certificate of the server is from an authority with the name of one that is trusted but with another"
                    + " key, perhaps a newer one, see REDIS_TLS_CA_FILE (" + message + ")";
        }
        // Newer JDKs put the name of the alert in front.
        Matcher alert = ALERT.matcher(message);
        return alert.find() ? alert(alert.group(1), message) : message;
    }

    private static String alert(String name, String message) {
        return switch (name) {
            case "certificate_required" ->
                "the server demands a certificate of the client: set REDIS_TLS_CERT_FILE and REDIS_TLS_KEY_FILE";
            case "bad_certificate",
                    "unsupported_certificate",
                    "certificate_revoked",
                    "certificate_expired",
                    "certificate_unknown",
                    "unknown_ca",
                    "access_denied",
                    "decrypt_error" ->
                "the server refused the certificate of the client (" + name + "): see REDIS_TLS_CERT_FILE";
            // With TLS 1.2 a server has no other alert for a certificate that is missing.
            case "handshake_failure" ->
                "the server demands a certificate of the client, which REDIS_TLS_CERT_FILE and REDIS_TLS_KEY_FILE give, or it"
                        + " allows no cipher suite of this JVM (" + name + ")";
            case "protocol_version" ->
                "the server allows no version of TLS that Forge offers, which are 1.3 and 1.2 (" + name + ")";
            default -> message;
        };
    }
}
