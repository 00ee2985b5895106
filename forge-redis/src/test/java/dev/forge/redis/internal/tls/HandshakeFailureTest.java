package dev.forge.redis.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class HandshakeFailureTest {

    @Test
    void namesTheVersionsThatAServerDoesNotAllow() {
        assertThat(describe("Received fatal alert: protocol_version")).contains("1.3 and 1.2", "(protocol_version)");
    }

    @Test
    void findsTheAlertInTheMessageOfANewerJdk() {
        assertThat(describe("(certificate_required) Received fatal alert: certificate_required"))
                .contains("REDIS_TLS_CERT_FILE");
    }

    @Test
    void suspectsTheClockOfThisMachine() {
        String message = "NotBefore: Sat Jan 09 21:02:23 UTC 2027";

        assertThat(HandshakeFailure.describe(new CertificateNotYetValidException(message), message))
                .contains("clock of this machine", message);
    }

    @Test
    void leavesTheRestAsItIs() {
        String message = "No name matching localhost found";

        assertThat(describe(message)).isEqualTo(message);
    }

    private static String describe(String message) {
        return HandshakeFailure.describe(new SSLHandshakeException(message), message);
    }
}
