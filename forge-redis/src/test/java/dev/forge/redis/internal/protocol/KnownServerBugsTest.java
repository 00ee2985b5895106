package dev.forge.redis.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnownServerBugsTest {

    private static final Pattern NAME = Pattern.compile("CVE-\\d{4}-\\d+");

    @ParameterizedTest
    @CsvSource({
        "6.2.10, CVE-2022-36021 CVE-2024-31228 CVE-2024-31449 CVE-2024-46981 CVE-2025-49844",
        "6.2.11, CVE-2024-31228 CVE-2024-31449 CVE-2024-46981 CVE-2025-49844",
        "6.2.16, CVE-2024-46981 CVE-2025-49844",
        "6.2.17, CVE-2025-49844",
        "6.2.19, CVE-2025-49844",
        "6.2.20, ''",
        "7.0.8, CVE-2022-36021 CVE-2024-31228 CVE-2024-31449 CVE-2024-46981 CVE-2025-49844",
        "7.0.15, CVE-2024-31228 CVE-2024-31449 CVE-2024-46981 CVE-2025-49844",
        "7.2.10, CVE-2025-49844",
        "7.2.11, ''",
        "7.4.0, CVE-2024-31228 CVE-2024-31449 CVE-2024-46981 CVE-2025-49844",
        "7.4.6, ''",
        "8.0.3, CVE-2025-49844",
        "8.0.4, ''",
        "8.2.1, CVE-2025-49844",
        "8.2.2, ''",
        "8.4.0, ''",
        "10.0.0, ''",
    })
    void listsTheVulnerabilitiesOfARedisVersion(String version, String names) {
        assertThat(names(ServerInfo.of("redis_version:" + version))).isEqualTo(names);
    }

    @ParameterizedTest
    @CsvSource({
        "7.2.10, CVE-2025-49844 CVE-2026-23631",
        "7.2.11, CVE-2026-23631",
        "7.2.13, ''",
        "8.0.5, CVE-2025-49844 CVE-2026-23631",
        "8.0.9, ''",
        "8.1.3, CVE-2025-49844 CVE-2026-23631",
        "8.1.4, CVE-2026-23631",
        "8.1.7, ''",
        "9.0.3, CVE-2026-23631",
        "9.0.4, ''",
        "9.1.2, ''"
    })
    void listsTheVulnerabilitiesOfAValkeyVersion(String version, String names) {
        assertThat(names(ServerInfo.of("redis_version:7.2.4\nvalkey_version:" + version)))
                .isEqualTo(names);
    }

    @ParameterizedTest
    @CsvSource({
        "6.0.20, true",
        "6.2.10, true",
        "6.2.11, false",
        "6.2.20, false",
        "7.0.0, true",
        "7.0.8, true",
        "7.0.9, false",
        "8.2.2, false"
    })
    void reportsVersionsWithUnreliableTracking(String version, boolean unreliable) {
        assertThat(KnownServerBugs.tracking(ServerInfo.of("redis_version:" + version))
                        .isPresent())
                .isEqualTo(unreliable);
    }

    @Test
    void trustsTheTrackingOfValkey() {
        assertThat(KnownServerBugs.tracking(ServerInfo.of("redis_version:7.0.0\nvalkey_version:7.0.8")))
                .isEmpty();
    }

    @Test
    void reportsNothingForAVersionThatItCannotParse() {
        for (String version : Arrays.asList("unknown", "7", "255.255", "7.2.4-beta", "99999999999.0.0")) {
            ServerInfo server = new ServerInfo(Map.of("redis_version", version));

            assertThat(KnownServerBugs.in(server)).isEmpty();
            assertThat(KnownServerBugs.tracking(server)).isEmpty();
        }
    }

    private static String names(ServerInfo server) {
        TreeSet<String> names = new TreeSet<>();
        KnownServerBugs.in(server)
                .ifPresent(
                        finding -> NAME.matcher(finding.what()).results().forEach(match -> names.add(match.group())));
        return String.join(" ", names);
    }
}
