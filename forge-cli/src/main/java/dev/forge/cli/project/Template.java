package dev.forge.cli.project;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The files of a real service, from which projects are made. */
final class Template {
    private final SortedMap<String, byte[]> files;

    Template(SortedMap<String, byte[]> files) {
        this.files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }

    static Template bundled() {
        return new Template(BundledFiles.files("template"));
    }

    SortedMap<String, byte[]> files() {
        return files;
    }

    /** The file as text; empty for a binary file, such as an image, which is copied unchanged. */
    static Optional<String> asText(byte[] content) {
        try {
            return Optional.of(
                    UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
