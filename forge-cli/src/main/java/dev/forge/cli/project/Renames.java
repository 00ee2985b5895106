package dev.forge.cli.project;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The literal replacements that turn the template's names into the project's.
 *
 * <p>All of them happen in one pass, so a new name that contains one of the old ones is left alone.
 */
final class Renames {
    static final String PACKAGE = "com.example.app";
    static final String ARTIFACT = "sample-service";
    static final String DISPLAY_NAME = "Sample Service";

    /** How the template names the version of Java, in place of the star. */
    private static final List<String> JAVA =
            List.of("<java.version>*</java.version>", "eclipse-temurin-*", "java-version: *", "JDK * or later");

    private final Map<String, String> names;

    private Renames(Map<String, String> names) {
        this.names = names;
    }

    /** The replacements for {@code answers}; from version {@code forge} to {@code library} too. */
    static Renames of(Answers answers, String forge, String library) {
        Map<String, String> names = new LinkedHashMap<>();
        names.put(PACKAGE, answers.javaPackage().value());
        names.put(PACKAGE.replace('.', '/'), answers.javaPackage().path());
        names.put(groupElement("com.example"), groupElement(answers.group().value()));
        names.put(ARTIFACT, answers.name().value());
        names.put(DISPLAY_NAME, answers.name().displayName());
        for (String pattern : JAVA) {
            names.put(java(pattern, JavaVersion.OLDEST), java(pattern, answers.javaVersion()));
        }
        names.put(image(JavaVersion.OLDEST), image(answers.javaVersion()));
        names.put(versionElement(forge), versionElement(library));
        return new Renames(names);
    }

    /** {@code text} with every old name replaced. Paths are renamed in the same way. */
    String apply(String text) {
        StringBuilder renamed = new StringBuilder(text.length());
        int position = 0;
        for (String name = first(text, position); name != null; name = first(text, position)) {
            int found = text.indexOf(name, position);
            renamed.append(text, position, found).append(names.get(name));
            position = found + name.length();
        }
        return renamed.append(text, position, text.length()).toString();
    }

    /** The old names, as the template has them. */
    Set<String> oldNames() {
        return names.keySet();
    }

    /** The old name that comes first from {@code position} on. */
    private @Nullable String first(String text, int position) {
        String first = null;
        int earliest = text.length();
        for (String name : names.keySet()) {
            int found = text.indexOf(name, position);
            if (found >= 0 && found < earliest) {
                first = name;
                earliest = found;
            }
        }
        return first;
    }

    private static String java(String pattern, JavaVersion version) {
        return pattern.replace("*", Integer.toString(version.number()));
    }

    /** The image that the service runs in. The one of Java 17 on Alpine is not made for ARM. */
    private static String image(JavaVersion version) {
        String image = java("eclipse-temurin:*-jre", version);
        return version.equals(JavaVersion.OLDEST) ? image : image + "-alpine";
    }

    private static String groupElement(String group) {
        return "<groupId>" + group + "</groupId>";
    }

    private static String versionElement(String version) {
        return "<forge.version>" + version + "</forge.version>";
    }
}
