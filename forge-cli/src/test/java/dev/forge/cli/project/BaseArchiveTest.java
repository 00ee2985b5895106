package dev.forge.cli.project;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BaseArchiveTest {
    private static final SortedMap<String, byte[]> FILES =
            new TreeMap<>(Map.of("b/c.txt", "two".getBytes(UTF_8), "a.txt", "one".getBytes(UTF_8)));

    private final TimeZone timeZone = TimeZone.getDefault();

    @AfterEach
    void restoreTimeZone() {
        TimeZone.setDefault(timeZone);
    }

    @Test
    void holdsEveryFileInOrder() throws IOException {
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(BaseArchive.of(FILES)))) {
            assertEntry(zip, "a.txt", "one");
            assertEntry(zip, "b/c.txt", "two");
            assertThat(zip.getNextEntry()).isNull();
        }
    }

    @Test
    void isTheSameInEveryTimeZone() {
        TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
        byte[] east = BaseArchive.of(FILES);
        TimeZone.setDefault(TimeZone.getTimeZone("America/Los_Angeles"));
        byte[] west = BaseArchive.of(FILES);

        assertThat(east).isEqualTo(west);
    }

    private static void assertEntry(ZipInputStream zip, String path, String content) throws IOException {
        ZipEntry entry = zip.getNextEntry();
        assertThat(entry).isNotNull();
        assertThat(entry.getName()).isEqualTo(path);
        assertThat(zip.readAllBytes()).asString(UTF_8).isEqualTo(content);
    }
}
