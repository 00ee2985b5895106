package dev.forge.redis.settings;

import dev.forge.redis.internal.tls.ExplainedException;
import dev.forge.redis.internal.tls.KeyMaterial;
import dev.forge.redis.key.RedisKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the {@code REDIS_TLS_*} variables. */
final class TlsVariables {

    static final String CA_FILE = "REDIS_TLS_CA_FILE";
    static final String VERIFY = "REDIS_TLS_VERIFY";
    static final String CERT_FILE = "REDIS_TLS_CERT_FILE";
    static final String KEY_FILE = "REDIS_TLS_KEY_FILE";
    static final String KEY_PASSWORD = "REDIS_TLS_KEY_PASSWORD";

    private final SettingsReader variables;
    private final List<String> problems;

    /** @param problems receives the problems */
    TlsVariables(SettingsReader variables, List<String> problems) {
        this.variables = variables;
        this.problems = problems;
    }

    /** @param enabled whether the URL asks for TLS */
    RedisTls read(boolean enabled) {
        Path caFile = variables.existingFile(CA_FILE);
        String text = variables.text(VERIFY);
        String verify = text == null ? "full" : text.toLowerCase(Locale.ROOT);
        if (!verify.equals("full") && !verify.equals("none")) {
            problems.add(VERIFY + " must be full or none, but was '" + RedisKey.shown(verify) + "'");
        }
        if (!enabled && (isSet(CA_FILE) || isSet(CERT_FILE) || isSet(KEY_FILE) || verify.equals("none"))) {
            problems.add(String.join(", ", List.of(CA_FILE, VERIFY, CERT_FILE)) + " and " + KEY_FILE
                    + " need a URL with TLS, such as rediss://, in " + SettingsReader.URL);
        }
        return new RedisTls(enabled, !verify.equals("none"), caFile, certificate());
    }

    private @Nullable ClientCertificate certificate() {
        Path certificate = variables.existingFile(CERT_FILE);
        Path key = variables.existingFile(KEY_FILE);
        String password = variables.secret(KEY_PASSWORD);
        if (!isSet(CERT_FILE)) {
            if (isSet(KEY_FILE)) {
                problems.add(KEY_FILE + " needs " + CERT_FILE);
            } else if (!password.isEmpty()) {
                problems.add(KEY_PASSWORD + " needs " + CERT_FILE + " and, unless that is a .p12 file, " + KEY_FILE);
            }
            return null;
        }
        if (certificate == null || (isSet(KEY_FILE) && key == null)) {
            return null;
        }
        ClientCertificate read = key == null
                ? ClientCertificate.ofPkcs12(certificate, password)
                : ClientCertificate.ofPem(certificate, key, password.isEmpty() ? null : password);
        return isUsable(read) ? read : null;
    }

    private boolean isUsable(ClientCertificate certificate) {
        try {
            Path file = certificate.certificateFile();
            Path keyFile = certificate.keyFile();
            byte[] key = keyFile == null ? new byte[0] : Files.readAllBytes(keyFile);
            KeyMaterial.read(file, Files.readAllBytes(file), keyFile, key, certificate.password());
            return true;
        } catch (ExplainedException e) {
            problems.add(CERT_FILE + " and " + KEY_FILE + " must name a certificate and its key: " + e.getMessage());
        } catch (IOException e) {
            problems.add(CERT_FILE + " and " + KEY_FILE + " must name files that can be read");
        }
        return false;
    }

    private boolean isSet(String name) {
        return variables.text(name) != null;
    }
}
