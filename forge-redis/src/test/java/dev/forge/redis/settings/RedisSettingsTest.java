package dev.forge.redis.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.forge.redis.RedisManager;
import dev.forge.redis.settings.RedisEndpoint.Cluster;
import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import dev.forge.redis.settings.RedisEndpoint.Node;
import dev.forge.redis.settings.RedisEndpoint.Sentinels;
import dev.forge.redis.settings.RedisEndpoint.Socket;
import dev.forge.redis.test.tls.TestCertificate;
import dev.forge.redis.test.tls.TestCertificates;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisSettingsTest {

    @Test
    void hasTheDefaultsOfTheSpecification() {
        RedisSettings settings = RedisSettings.fromEnvironment(Map.of());

        assertThat(settings)
                .isEqualTo(new RedisSettingsBuilder(new Node(new HostAndPort("localhost", 6379)))
                        .database(0)
                        .login(RedisLogin.NONE)
                        .tls(RedisTls.OFF)
                        .poolSize(5)
                        .socketTimeout(Duration.ofSeconds(10))
                        .defaultTtl(Duration.ofHours(1))
                        .keyPrefix("")
                        .readFrom(ReadFrom.PRIMARY)
                        .nearMaxStaleness(Duration.ofSeconds(1))
                        .maxValueBytes(512L << 20)
                        .build());
    }

    @Test
    void readsEveryVariable(@TempDir Path folder) throws Exception {
        Path ca = Files.createFile(folder.resolve("ca.pem"));

        RedisSettings settings = RedisSettings.fromEnvironment(Map.of(
                "REDIS_CONNECTION_URL", "rediss://cache.example:7000/3",
                "REDIS_POOL_SIZE", " 9 ",
                "REDIS_SOCKET_TIMEOUT", "250ms",
                "REDIS_DEFAULT_TTL", "2h",
                "REDIS_USERNAME", "app",
                "REDIS_PASSWORD", "s3cret",
                "REDIS_TLS_CA_FILE", ca.toString(),
                "REDIS_TLS_VERIFY", "none",
                "REDIS_KEY_PREFIX", "shop:",
                "REDIS_NEAR_MAX_STALENESS", "250ms"));

        assertThat(settings)
                .isEqualTo(new RedisSettingsBuilder(new Node(new HostAndPort("cache.example", 7000)))
                        .database(3)
                        .login(RedisLogin.of("app", "s3cret"))
                        .tls(new RedisTls(true, false, ca))
                        .poolSize(9)
                        .socketTimeout(Duration.ofMillis(250))
                        .defaultTtl(Duration.ofHours(2))
                        .keyPrefix("shop:")
                        .nearMaxStaleness(Duration.ofMillis(250))
                        .build());
    }

    @ParameterizedTest
    @CsvSource({"65536,65536", "64kb,65536", "1MB,1048576", "1gb,1073741824", "2147483647,2147483647"})
    void readsASizeWithItsUnit(String text, long bytes) {
        assertThat(RedisSettings.fromEnvironment(Map.of("REDIS_MAX_VALUE_BYTES", text))
                        .maxValueBytes())
                .isEqualTo(bytes);
    }

    @Test
    void readsTheCertificateOfTheClient(@TempDir Path folder) {
        TestCertificate client = TestCertificates.in(folder).client();

        RedisSettings settings = RedisSettings.fromEnvironment(Map.of(
                "REDIS_CONNECTION_URL",
                "rediss://cache.example",
                "REDIS_TLS_CERT_FILE",
                client.certificate().toString(),
                "REDIS_TLS_KEY_FILE",
                client.key().toString(),
                "REDIS_TLS_KEY_PASSWORD",
                "CANARY"));

        assertThat(settings.tls())
                .isEqualTo(RedisTls.VERIFIED.withCertificate(
                        ClientCertificate.ofPem(client.certificate(), client.key(), "CANARY")));
        assertThat(settings.toString()).contains(client.key().toString()).doesNotContain("CANARY");
    }

    @Test
    void refusesACertificateThatCannotBeUsedAndShowsNoPassword(@TempDir Path folder) throws Exception {
        TestCertificate client = TestCertificates.in(folder).client();
        TestCertificate other = TestCertificates.in(folder).client();
        String certificate = client.certificate().toString();
        String encrypted = Path.of("src/test/resources/keys/rsa-encrypted.pem").toString();

        assertThat(tlsProblems(Map.of("REDIS_TLS_KEY_FILE", client.key().toString())))
                .containsExactly("REDIS_TLS_KEY_FILE needs REDIS_TLS_CERT_FILE");
        assertThat(tlsProblems(Map.of("REDIS_TLS_KEY_PASSWORD", "CANARY")))
                .containsExactly("REDIS_TLS_KEY_PASSWORD needs REDIS_TLS_CERT_FILE and, unless that is a .p12 file,"
                        + " REDIS_TLS_KEY_FILE");
        assertThat(tlsProblems(Map.of("REDIS_TLS_CERT_FILE", certificate, "REDIS_TLS_KEY_PASSWORD", "CANARY")))
                .singleElement()
                .asString()
                .contains("is not a PKCS #12 file")
                .doesNotContain("CANARY");
        assertThat(tlsProblems(Map.of("REDIS_TLS_CERT_FILE", certificate, "REDIS_TLS_KEY_FILE", "/nowhere")))
                .containsExactly("REDIS_TLS_KEY_FILE must name a file that can be read, but was '/nowhere'");
        assertThat(tlsProblems(Map.of(
                        "REDIS_TLS_CERT_FILE",
                        certificate,
                        "REDIS_TLS_KEY_FILE",
                        other.key().toString())))
                .singleElement()
                .asString()
                .contains("does not belong to the first certificate");
        assertThat(tlsProblems(Map.of(
                        "REDIS_TLS_CERT_FILE", certificate,
                        "REDIS_TLS_KEY_FILE", encrypted,
                        "REDIS_TLS_KEY_PASSWORD", "CANARY")))
                .singleElement()
                .asString()
                .contains("cannot be decrypted with REDIS_TLS_KEY_PASSWORD")
                .doesNotContain("CANARY");
        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() -> RedisSettings.fromEnvironment(Map.of(
                        "REDIS_TLS_CERT_FILE",
                        certificate,
                        "REDIS_TLS_KEY_FILE",
                        client.key().toString())))
                .withMessageContaining("need a URL with TLS");
    }

    private static List<String> tlsProblems(Map<String, String> variables) {
        Map<String, String> all = new HashMap<>(variables);
        all.put("REDIS_CONNECTION_URL", "rediss://cache.example");
        InvalidSettingsException failure =
                catchThrowableOfType(InvalidSettingsException.class, () -> RedisSettings.fromEnvironment(all));
        assertThat(stackOf(failure)).doesNotContain("CANARY");
        return failure.problems();
    }

    @Test
    void reportsEveryProblemAtOnceAndNoPassword() {
        InvalidSettingsException failure = catchThrowableOfType(
                InvalidSettingsException.class,
                () -> RedisSettings.fromEnvironment(Map.of(
                        "REDIS_POOL_SIZE", "-1",
                        "REDIS_DEFAULT_TTL", "abc",
                        "REDIS_CONNECTION_URL", "redis://u:p#ss@h")));

        assertThat(failure.problems()).hasSize(3);
        assertThat(failure)
                .hasMessageContaining("REDIS_POOL_SIZE must be a number from 0 to 1024, but was '-1'")
                .hasMessageContaining(
                        "REDIS_DEFAULT_TTL must be a number of seconds from 1 up to ten years, or never, but was 'abc'")
                .hasMessageContaining(
                        "REDIS_CONNECTION_URL must have the characters # / ? and @ in its user and password");
        assertThat(stackOf(failure)).doesNotContain("p#ss").doesNotContain("ss@h");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://user:CANARY pa@h",
                "redis://user:CANARY%ZZ@h",
                "redis://user:CANARY#x@h",
                "redis://user:CANARY?x@h",
                "redis://user:CANARY/x@h",
                "redis://user:CANARY@@h",
                "redis://user:CANARY@h\r\nx",
                "redis://user:CANARY@",
                "redis://user:CANARY@h:99999",
                "redis://user:CANARY@h:port",
                "redis://user:CANARY@h/db",
                "redis://user:CANARY@h?timeout=1",
                "redis://CANARY@h",
                "http://user:CANARY@h",
                "user:CANARY@h",
                "CANARY",
                "redis://",
                "redis://:CANARY#@h",
                "redis://user:CANARY@h1,h2",
                "redis://user:CANARY@h_ö",
                "redis://user:CANARY@[::1",
                "redis-sentinel://user:CANARY@h1",
                "redis-cluster://user:CANARY@h1/1",
                "redis-socket://user:CANARY@run/redis.sock",
                "redis-socket:///run/redis.sock?CANARY=1",
                "redis-socket:///run/CANARY%ZZ.sock",
                "redis-sentinel://h#CANARY%",
                "redis://[fe80::1%CANARY$]"
            })
    void refusesAUrlWithoutShowingIt(String url) {
        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() -> RedisSettings.of(url))
                .satisfies(failure -> assertThat(stackOf(failure))
                        .contains("REDIS_CONNECTION_URL must ")
                        .doesNotContain("CANARY"));
    }

    @Test
    void readsUrlsOfEveryTopology() {
        assertThat(RedisSettings.of("redis://[::1]:7000").endpoint()).isEqualTo(new Node(new HostAndPort("::1", 7000)));
        assertThat(RedisSettings.of("redis-socket:///run/redis.sock?database=2"))
                .returns(new Socket("/run/redis.sock"), RedisSettings::endpoint)
                .returns(2, RedisSettings::database);
        assertThat(RedisSettings.of("redis-sentinel://a,b:7000/1#main").endpoint())
                .isEqualTo(new Sentinels(List.of(new HostAndPort("a", 26379), new HostAndPort("b", 7000)), "main"));
        assertThat(RedisSettings.of("rediss-cluster://a:7000,b:7001"))
                .returns(
                        new Cluster(List.of(new HostAndPort("a", 7000), new HostAndPort("b", 7001))),
                        RedisSettings::endpoint)
                .returns(RedisTls.VERIFIED, RedisSettings::tls);
    }

    @Test
    void decodesPathAndPrimary() {
        assertThat(RedisSettings.of("redis-socket://u:p@/var/my%20app/a%40b.sock")
                        .endpoint())
                .isEqualTo(new Socket("/var/my app/a@b.sock"));
        assertThat(RedisSettings.of("redis-sentinel://a#my%20primary").endpoint())
                .isEqualTo(new Sentinels(List.of(new HostAndPort("a", 26379)), "my primary"));
    }

    @Test
    void readsTheZoneOfAnIpv6Address() {
        assertThat(RedisSettings.of("redis://[fe80::1%eth0]:7000").endpoint())
                .isEqualTo(new Node(new HostAndPort("fe80::1%eth0", 7000)));
    }

    @Test
    void decodesUserAndPassword() {
        RedisLogin login = RedisSettings.of("redis://us%40er:p%23%C3%A9%25:x@h").login();

        assertThat(login).isEqualTo(RedisLogin.of("us@er", "p#é%:x"));
        assertThat(RedisSettings.of("redis://:pw@h").login()).isEqualTo(RedisLogin.of(null, "pw"));
    }

    @Test
    void showsNoPassword() {
        RedisSettings settings = RedisSettings.of("redis://app:CANARY@h");

        assertThat(settings.toString()).contains("app").contains("***").doesNotContain("CANARY");
    }

    @ParameterizedTest
    @CsvSource({
        "REDIS_POOL_SIZE,-1",
        "REDIS_POOL_SIZE,1025",
        "REDIS_POOL_SIZE,five",
        "REDIS_POOL_SIZE,٥",
        "REDIS_POOL_SIZE,5.0",
        "REDIS_SOCKET_TIMEOUT,0",
        "REDIS_SOCKET_TIMEOUT,0s",
        "REDIS_SOCKET_TIMEOUT,-1",
        "REDIS_SOCKET_TIMEOUT,2h",
        "REDIS_SOCKET_TIMEOUT,999999999999d",
        "REDIS_SOCKET_TIMEOUT,ten",
        "REDIS_NEAR_MAX_STALENESS,99ms",
        "REDIS_NEAR_MAX_STALENESS,2m",
        "REDIS_NEAR_MAX_STALENESS,never",
        "REDIS_MAX_VALUE_BYTES,63kb",
        "REDIS_MAX_VALUE_BYTES,2gb",
        "REDIS_MAX_VALUE_BYTES,large",
        "REDIS_DEFAULT_TTL,0",
        "REDIS_DEFAULT_TTL,-5",
        "REDIS_DEFAULT_TTL,1e9",
        "REDIS_DEFAULT_TTL,11000d",
        "REDIS_TLS_VERIFY,maybe",
        "REDIS_TLS_CA_FILE,/no/such/file",
        "REDIS_PASSWORD_FILE,/no/such/file",
        "REDIS_KEY_PREFIX,a*",
        "REDIS_KEY_PREFIX,{a}",
        "REDIS_USERNAME,app"
    })
    void refusesAValueAndNamesItsVariable(String name, String value) {
        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() -> RedisSettings.fromEnvironment(Map.of(name, value)))
                .withMessageContaining(name);
    }

    @Test
    void acceptsNeverAsADefaultTtl() {
        assertThat(RedisSettings.fromEnvironment(Map.of("REDIS_DEFAULT_TTL", "never"))
                        .defaultTtl())
                .isEqualTo(RedisManager.NO_EXPIRY);
    }

    @Test
    void treatsABlankVariableAsMissing() {
        assertThat(RedisSettings.fromEnvironment(Map.of("REDIS_POOL_SIZE", " ", "REDIS_PASSWORD", "")))
                .isEqualTo(RedisSettings.defaults());
    }

    @Test
    void refusesTwoSourcesOfOnePassword() {
        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() -> RedisSettings.fromEnvironment(
                        Map.of("REDIS_CONNECTION_URL", "redis://:CANARY@h", "REDIS_PASSWORD", "CANARY2")))
                .withMessageContaining("must not hold a user or password when")
                .withMessageNotContaining("CANARY");
    }

    @Test
    void warnsAboutUnknownNames() {
        List<String> warnings = SettingsReader.unknownNames(List.of(
                "REDIS_POOLSIZE", "REDIS_URL", "REDIS_POOL_SIZE", "REDIS_PORT_6379_TCP", "REDIS_SERVICE_HOST", "PATH"));

        assertThat(warnings)
                .containsExactly(
                        "REDIS_POOLSIZE is not a setting of Forge and is ignored; did you mean REDIS_POOL_SIZE?",
                        "REDIS_URL is not a setting of Forge and is ignored; did you mean REDIS_CONNECTION_URL?");
    }

    @Test
    void checksSettingsMadeInCode() {
        RedisSettings settings = RedisSettings.defaults();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings.toBuilder().poolSize(-1).build());
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> settings.toBuilder().socketTimeout(Duration.ZERO).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        settings.toBuilder().defaultTtl(Duration.ofNanos(1)).build())
                .withMessageContaining("defaultTtl must be from 1 ms to 10 years");
    }

    private static String stackOf(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
