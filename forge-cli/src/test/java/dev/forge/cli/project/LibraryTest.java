package dev.forge.cli.project;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LibraryTest {
    private final Library library = library("jar");

    @Test
    void placesTheArtefactsWhereMavenLooksForThem() {
        String version = library.version();

        assertThat(library.repository().keySet())
                .containsExactly(
                        "dev/forge/forge-redis/" + version + "/forge-redis-" + version + ".jar",
                        "dev/forge/forge-redis/" + version + "/forge-redis-" + version + ".jar.sha1",
                        "dev/forge/forge-redis/" + version + "/forge-redis-" + version + ".pom",
                        "dev/forge/forge-redis/" + version + "/forge-redis-" + version + ".pom.sha1",
                        "dev/forge/forge/" + version + "/forge-" + version + ".pom",
                        "dev/forge/forge/" + version + "/forge-" + version + ".pom.sha1");
    }

    @Test
    void replacesTheVersionInPomsAndInNothingElse() {
        String version = library.version();

        assertThat(text("dev/forge/forge/" + version + "/forge-" + version + ".pom"))
                .isEqualTo("<version>" + version + "</version><x.version>0.1.0-SNAPSHOT</x.version>");
        assertThat(text("dev/forge/forge-redis/" + version + "/forge-redis-" + version + ".jar"))
                .isEqualTo("jar");
    }

    @Test
    void checksumsMatchTheWrittenFiles() {
        library.repository().forEach((path, content) -> {
            if (!path.endsWith(".sha1")) {
                assertThat(text(path + ".sha1")).isEqualTo(Digest.sha1(content));
            }
        });
        assertThat(Digest.sha1("abc".getBytes(UTF_8))).isEqualTo("a9993e364706816aba3e25717850c26c9cd0d89d");
    }

    @Test
    void versionIsAReleaseThatChangesWithTheBytes() {
        assertThat(library.version()).matches("0\\.1\\.0-[0-9a-f]{10}");
        assertThat(library("jar").version()).isEqualTo(library.version());
        assertThat(library("jas").version()).isNotEqualTo(library.version());
    }

    private String text(String path) {
        return new String(library.repository().getOrDefault(path, new byte[0]), UTF_8);
    }

    private static Library library(String jar) {
        SortedMap<String, byte[]> artefacts = new TreeMap<>(Map.of(
                "pom.xml",
                "<version>0.1.0-SNAPSHOT</version><x.version>0.1.0-SNAPSHOT</x.version>".getBytes(UTF_8),
                "forge-redis/pom.xml",
                "<version>0.1.0-SNAPSHOT</version>".getBytes(UTF_8),
                "forge-redis/library.jar",
                jar.getBytes(UTF_8)));
        return new Library("0.1.0-SNAPSHOT", artefacts);
    }
}
