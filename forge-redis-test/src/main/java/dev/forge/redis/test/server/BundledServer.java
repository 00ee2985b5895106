package dev.forge.redis.test.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The servers inside the jar of org.signal:embedded-redis, of which only these files are used; the one for Windows is inside
 * that of com.github.codemonstur:embedded-redis, which users add themselves.
 *
 * <p>The content of each is pinned by its SHA-256: only reviewed binaries run, and a copy on disk is checked without
 * unpacking the jar again.
 */
enum BundledServer {
    LINUX_AMD64("redis-server-7.0.15-linux-amd64", "c0cdeef856b3410fd99d6ec6fc6a20302e69059b00ce5d6abab7b3e5069ea91e"),
    LINUX_ARM64("redis-server-7.0.15-linux-arm64", "d5c7ff117caf45d7dc2f59c1f956e1830438779947d66aa5647c2cdcc16eca50"),
    LINUX_386("redis-server-7.0.15-linux-386", "19106984e15b7e7ce22c9a3296fe6a5f85c43a72894144f98b1fb572b823a936"),
    MAC_AMD64("redis-server-7.0.15-darwin-amd64", "e22a3d9147802bba0724efb2e446c49e1e514e76ff8031bb6d44b8628400d8f3"),
    MAC_ARM64("redis-server-7.0.15-darwin-arm64", "07838a2eb6f5961c89d8e6f1f83482de355dfc6bb04e05bfb00ae1f137dee129"),
    WINDOWS_AMD64(
            "redis-server-5.0.14.1-windows-amd64.exe",
            "79cd623a9999d75e944e8d2509547ddeee67a2c6c7b88d11d1137eb57fec10a0");

    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    private static final FileAttribute<?>[] OWNER_ONLY = POSIX
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
            }
            : new FileAttribute<?>[0];

    private final String resource;
    private final String sha256;

    BundledServer(String resource, String sha256) {
        this.resource = resource;
        this.sha256 = sha256;
    }

    /** The one for this machine, if there is one. */
    static Optional<BundledServer> here() {
        return of(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    /** The one for a machine as the system properties {@code os.name} and {@code os.arch} describe it. */
    static Optional<BundledServer> of(String osName, String osArch) {
        String system = osName.toLowerCase(Locale.ROOT).split(" ", 2)[0];
        String processor = switch (osArch.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> "amd64";
            case "aarch64", "arm64" -> "arm64";
            case "x86", "i386", "i486", "i586", "i686" -> "386";
            default -> "unknown";
        };
        return Arrays.stream(values())
                .filter(server -> server.name().equalsIgnoreCase(system + "_" + processor))
                .findFirst();
    }

    static String platform() {
        return System.getProperty("os.name") + " on " + System.getProperty("os.arch");
    }

    /** The executable, in a folder of {@code java.io.tmpdir} that all JVMs of this user share. */
    Path extract() throws IOException {
        String user = System.getProperty("user.name", "").replaceAll("[^A-Za-z0-9._-]", "_");
        return extractTo(Path.of(System.getProperty("java.io.tmpdir"), "forge-redis-test-" + user));
    }

    /**
     * The executable in {@code folder}, unpacked only if it is not there or is not the same to the last
     * bit. Several JVMs may do this at once: the file appears complete or not at all.
     */
    Path extractTo(Path folder) throws IOException {
        Files.createDirectories(folder, OWNER_ONLY);
        Path target = folder.toAbsolutePath().resolve(resource);
        Path unpacked = Files.createTempFile(folder, "unpacking-", ".tmp", OWNER_ONLY);
        try {
            // The owner of a new file shows who this user is: in a container the user name may be "?".
            UserPrincipal user = Files.getOwner(unpacked);
            if (!isPrivate(folder, user)) {
                throw new IOException(folder + " is not a folder that only this user can write to; remove it, or set"
                        + " the system property java.io.tmpdir to another place");
            }
            if (isIntact(target, user)) {
                return target;
            }
            unpack(unpacked);
            Files.move(unpacked, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            if (!Files.isExecutable(target)) {
                throw new IOException(
                        "no program may run from " + folder + ", whose file system is mounted noexec; set the"
                                + " system property java.io.tmpdir to another place");
            }
            return target;
        } finally {
            Files.deleteIfExists(unpacked);
        }
    }

    private void unpack(Path file) throws IOException {
        InputStream content = BundledServer.class.getResourceAsStream("/" + resource);
        if (content == null) {
            throw new IOException(
                    resource + " is not on the class path: " + jar() + " is missing, or another version of it");
        }
        String found;
        try (OutputStream output = Files.newOutputStream(file)) {
            found = copy(content, output);
        } catch (IOException full) {
            throw new IOException(
                    resource + " cannot be written to " + file.getParent() + ": " + full.getMessage(), full);
        }
        if (!found.equals(sha256)) {
            throw new IOException(resource + " is not the file that is expected: its SHA-256 is " + found);
        }
    }

    private String jar() {
        return this == WINDOWS_AMD64
                ? "com.github.codemonstur:embedded-redis:1.4.4"
                : "org.signal:embedded-redis:0.9.1";
    }

    private boolean isIntact(Path file, UserPrincipal user) throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && Files.isExecutable(file)
                && isPrivate(file, user)
                && copy(Files.newInputStream(file), OutputStream.nullOutputStream())
                        .equals(sha256);
    }

    private static boolean isPrivate(Path path, UserPrincipal user) throws IOException {
        if (!POSIX) {
            return true;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
        return Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).equals(user)
                && !permissions.contains(PosixFilePermission.GROUP_WRITE)
                && !permissions.contains(PosixFilePermission.OTHERS_WRITE);
    }

    /** Copies all of {@code content}, closes it, and returns its SHA-256. */
    private static String copy(InputStream content, OutputStream output) throws IOException {
        try (DigestInputStream input = new DigestInputStream(content, MessageDigest.getInstance("SHA-256"))) {
            input.transferTo(output);
            return HexFormat.of().formatHex(input.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException impossible) { // Every Java platform must have it.
            throw new IllegalStateException(impossible);
        }
    }
}
