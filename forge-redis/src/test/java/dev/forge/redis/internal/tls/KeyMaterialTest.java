package dev.forge.redis.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files in {@code keys} were written by OpenSSL 3; one key is for signatures with SHA-384 only. */
class KeyMaterialTest {

    private static final Path FOLDER = Path.of("src/test/resources/keys");

    @ParameterizedTest
    @ValueSource(strings = {"rsa-pss", "rsa-pss-sha384"})
    void takesAKeyForPssSignatures(String name) throws Exception {
        KeyMaterial material = read(name + ".crt", name + ".pem");

        assertThat(material.key().getAlgorithm()).isEqualTo("RSASSA-PSS");
        assertThat(material.chain()).hasSize(1);
    }

    @Test
    void refusesAKeyOfAnotherCertificate() {
        for (String key : new String[] {"rsa-pss-sha384.pem", "rsa.pem", "ec.pem", "ed25519.pem"}) {
            assertThatExceptionOfType(ExplainedException.class)
                    .isThrownBy(() -> read("rsa-pss.crt", key))
                    .withMessageContaining("does not belong to the first certificate");
        }
    }

    private static KeyMaterial read(String certificate, String key) throws IOException {
        Path certificateFile = FOLDER.resolve(certificate);
        Path keyFile = FOLDER.resolve(key);
        return KeyMaterial.read(
                certificateFile, Files.readAllBytes(certificateFile), keyFile, Files.readAllBytes(keyFile), null);
    }
}
