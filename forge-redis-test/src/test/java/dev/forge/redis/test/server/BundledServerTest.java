package dev.forge.redis.test.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.forge.redis.test.ChildJvm;
import dev.forge.redis.test.ServerHolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BundledServerTest {
    private static final BundledServer SERVER = BundledServer.LINUX_ARM64;

    @TempDir
    private Path temporary;

    @ParameterizedTest
    @EnumSource
    void everyServerInTheJarIsTheOneThatIsPinned(BundledServer server) throws IOException {
        assertThat(server.extractTo(temporary)).isExecutable().isNotEmptyFile();
    }

    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, LINUX_AMD64",
        "Linux, aarch64, LINUX_ARM64",
        "Linux, i386, LINUX_386",
        "Mac OS X, x86_64, MAC_AMD64",
        "Mac OS X, aarch64, MAC_ARM64",
        "Windows Server 2022, amd64, WINDOWS_AMD64",
    })
    void knowsItsPlatforms(String osName, String osArch, BundledServer expected) {
        assertThat(BundledServer.of(osName, osArch)).contains(expected);
    }

    @ParameterizedTest
    @CsvSource({"Linux, s390x", "Windows 11, aarch64", "FreeBSD, amd64"})
    void hasNothingForOtherPlatforms(String osName, String osArch) {
        assertThat(BundledServer.of(osName, osArch)).isEmpty();
    }

    @Test
    void anIntactCopyIsReused() throws IOException {
        Path extracted = SERVER.extractTo(temporary);
        FileTime longAgo = FileTime.fromMillis(1_000);
        Files.setLastModifiedTime(extracted, longAgo);

        assertThat(SERVER.extractTo(temporary)).isEqualTo(extracted);

        assertThat(Files.getLastModifiedTime(extracted)).isEqualTo(longAgo);
    }

    @Test
    void aChangedCopyIsReplaced() throws IOException {
        Path extracted = SERVER.extractTo(temporary);
        byte[] content = Files.readAllBytes(extracted);
        byte[] changed = content.clone();
        changed[changed.length / 2] ^= 1;
        Files.write(extracted, changed);

        SERVER.extractTo(temporary);

        assertThat(extracted).hasBinaryContent(content);
    }

    @Test
    void aTruncatedCopyIsReplaced() throws IOException {
        Path extracted = SERVER.extractTo(temporary);
        byte[] content = Files.readAllBytes(extracted);
        Files.write(extracted, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);

        SERVER.extractTo(temporary);

        assertThat(extracted).hasBinaryContent(content);
    }

    @Test
    void aLinkInItsPlaceIsReplacedAndNotFollowed() throws IOException {
        Path elsewhere = temporary.resolve("elsewhere");
        Path extracted = SERVER.extractTo(temporary.resolve("folder"));
        Files.move(extracted, elsewhere);
        Files.createSymbolicLink(extracted, elsewhere);

        SERVER.extractTo(temporary.resolve("folder"));

        assertThat(Files.isRegularFile(extracted, LinkOption.NOFOLLOW_LINKS)).isTrue();
    }

    @Test
    void aCopyThatOthersCanWriteToIsReplaced() throws IOException {
        Path extracted = SERVER.extractTo(temporary);
        Files.setPosixFilePermissions(extracted, PosixFilePermissions.fromString("rwxrwxrwx"));

        SERVER.extractTo(temporary);

        assertThat(Files.getPosixFilePermissions(extracted)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void aFolderThatOthersCanWriteToIsRefused() throws IOException {
        Path folder = Files.createDirectory(temporary.resolve("folder"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(() -> SERVER.extractTo(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("only this user can write to");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void jvmsThatExtractAtTheSameTimeShareOneFile() throws IOException, InterruptedException {
        List<ChildJvm> children = new ArrayList<>();
        for (int count = 0; count < 6; count++) {
            children.add(ChildJvm.of(ServerHolder.class, temporary)
                    .property(ServerBinary.PROPERTY, "bundled")
                    .start("hold"));
        }

        List<String> binaries = new ArrayList<>();
        for (ChildJvm child : children) {
            binaries.add(child.readLine().split("\\|", -1)[0]);
            child.release();
            assertThat(child.readAll()).isEmpty();
            child.close();
        }

        assertThat(binaries).hasSize(6).containsOnly(binaries.get(0));
        try (Stream<Path> files = Files.list(Path.of(binaries.get(0)).resolveSibling("."))) {
            assertThat(files).hasSize(1);
        }
    }
}
