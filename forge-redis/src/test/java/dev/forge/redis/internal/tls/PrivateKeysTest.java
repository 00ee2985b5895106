package dev.forge.redis.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files in {@code keys} were written by OpenSSL 3, which calls the older formats traditional. */
class PrivateKeysTest {

    private static final String PASSWORD = "canary";

    @ParameterizedTest
    @CsvSource({
        "rsa-traditional.pem, rsa.pem, RSA",
        "rsa-encrypted.pem, rsa.pem, RSA",
        "ec-traditional.pem, ec.pem, EC",
        "ec-encrypted.pem, ec.pem, EC",
    })
    void readsTheSameKeyFromEachFormat(String file, String plain, String algorithm) throws Exception {
        PrivateKey key = read(file, PASSWORD);

        assertThat(key.getAlgorithm()).isEqualTo(algorithm);
        assertThat(secret(key)).isEqualTo(secret(read(plain, null)));
    }

    @Test
    void readsAnEd25519Key() throws Exception {
        assertThat(read("ed25519.pem", null).getAlgorithm()).isEqualTo("EdDSA");
    }

    @Test
    void reportsAMissingOrWrongPasswordWithoutShowingIt() {
        assertThatExceptionOfType(ExplainedException.class)
                .isThrownBy(() -> read("rsa-encrypted.pem", null))
                .withMessageContaining("is encrypted and needs REDIS_TLS_KEY_PASSWORD");
        assertThatExceptionOfType(ExplainedException.class)
                .isThrownBy(() -> read("rsa-encrypted.pem", "s3cret"))
                .withMessageContaining("cannot be decrypted with REDIS_TLS_KEY_PASSWORD")
                .withMessageNotContaining("s3cret")
                .withNoCause();
    }

    @Test
    void explainsHowToConvertAKeyThatItCannotRead() {
        assertThatExceptionOfType(ExplainedException.class)
                .isThrownBy(() -> read("rsa-encrypted-traditional.pem", PASSWORD))
                .withMessageContaining("openssl pkcs8 -topk8");
        for (String content : new String[] {
            "",
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
            "-----BEGIN EC PRIVATE KEY-----\nMIID\n-----END EC PRIVATE KEY-----",
            "-----BEGIN EC PRIVATE KEY-----\nMIQAAAAAAA==\n-----END EC PRIVATE KEY-----",
            "-----BEGIN DSA PRIVATE KEY-----\nAAAA\n-----END DSA PRIVATE KEY-----"
        }) {
            assertThatExceptionOfType(ExplainedException.class)
                    .isThrownBy(() -> PrivateKeys.read(Path.of("k"), content.getBytes(StandardCharsets.UTF_8), null))
                    .withMessageContaining("openssl pkcs8 -topk8");
        }
    }

    private static BigInteger secret(PrivateKey key) {
        return key instanceof ECPrivateKey ec ? ec.getS() : ((RSAPrivateKey) key).getPrivateExponent();
    }

    private static PrivateKey read(String file, @Nullable String password) throws IOException {
        Path path = Path.of("src/test/resources/keys", file);
        return PrivateKeys.read(path, Files.readAllBytes(path), password);
    }
}
