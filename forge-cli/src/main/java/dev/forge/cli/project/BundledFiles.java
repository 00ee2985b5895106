package dev.forge.cli.project;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The files that the build bundles with the classes of this command: in its jar, or in its class directory. */
final class BundledFiles {
    private BundledFiles() {}

    /** Every file below {@code directory}, by its path from there. */
    static SortedMap<String, byte[]> files(String directory) {
        try {
            Path home = Path.of(BundledFiles.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return Files.isDirectory(home) ? inDirectory(home.resolve(directory)) : inJar(home, directory + "/");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the location of a class is a URI", e);
        }
    }

    /** The version of Forge. */
    static String version() {
        try (InputStream version = BundledFiles.class.getResourceAsStream("version.txt")) {
            if (version == null) {
                throw new IllegalStateException("version.txt is missing from the jar");
            }
            return new String(version.readAllBytes(), UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SortedMap<String, byte[]> inJar(Path jar, String prefix) throws IOException {
        SortedMap<String, byte[]> files = new TreeMap<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (entry.getName().startsWith(prefix) && !entry.isDirectory()) {
                    try (InputStream content = zip.getInputStream(entry)) {
                        files.put(entry.getName().substring(prefix.length()), content.readAllBytes());
                    }
                }
            }
        }
        return files;
    }

    private static SortedMap<String, byte[]> inDirectory(Path directory) throws IOException {
        SortedMap<String, byte[]> files = new TreeMap<>();
        if (!Files.isDirectory(directory)) {
            return files;
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
                String name = directory.relativize(path).toString().replace('\\', '/');
                files.put(name, Files.readAllBytes(path));
            }
        }
        return files;
    }
}
