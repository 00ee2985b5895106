package dev.forge.cli.project;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The Redis library as a Maven repository of files inside each project.
 *
 * <p>Its version is made from its bytes ({@code 0.1.0-3f2a…}), so that two builds of Forge never share one: Maven never
 * uses its cached copy of an older library for a newer project.
 */
final class Library {
    private static final String SNAPSHOT = "-SNAPSHOT";
    private static final int HASH_DIGITS = 10;

    private final String forgeVersion;
    private final SortedMap<String, byte[]> artefacts;
    private final String version;

    /**
     * @param forgeVersion the version in the bundled poms
     * @param artefacts the parent's {@code pom.xml}, and {@code pom.xml} and {@code library.jar} below each artifactId
     */
    Library(String forgeVersion, SortedMap<String, byte[]> artefacts) {
        this.forgeVersion = forgeVersion;
        this.artefacts = artefacts;
        this.version = forgeVersion.replace(SNAPSHOT, "") + "-" + fingerprint(artefacts);
    }

    static Library bundled() {
        return new Library(BundledFiles.version(), BundledFiles.files("library"));
    }

    String version() {
        return version;
    }

    /** The repository's files, by their path inside it. */
    SortedMap<String, byte[]> repository() {
        SortedMap<String, byte[]> repository = new TreeMap<>();
        artefacts.forEach((path, content) -> {
            int slash = path.indexOf('/');
            String artifact = slash < 0 ? "forge" : path.substring(0, slash);
            boolean pom = path.endsWith("pom.xml");
            String file = "dev/forge/" + artifact + "/" + version + "/" + artifact + "-" + version;
            byte[] released = pom ? withVersion(content) : content;
            String name = file + (pom ? ".pom" : ".jar");
            repository.put(name, released);
            repository.put(name + ".sha1", Digest.sha1(released).getBytes(UTF_8));
        });
        return repository;
    }

    private byte[] withVersion(byte[] pom) {
        return new String(pom, UTF_8)
                .replace(element(forgeVersion), element(version))
                .getBytes(UTF_8);
    }

    private static String element(String version) {
        return "<version>" + version + "</version>";
    }

    private static String fingerprint(Map<String, byte[]> artefacts) {
        MessageDigest digest = Digest.of("SHA-256");
        artefacts.forEach((path, content) -> {
            // The length separates the entries, so that bytes that move from one file to the next change the hash.
            digest.update((path + '\0' + content.length + '\0').getBytes(UTF_8));
            digest.update(content);
        });
        return Digest.hex(digest.digest()).substring(0, HASH_DIGITS);
    }
}
