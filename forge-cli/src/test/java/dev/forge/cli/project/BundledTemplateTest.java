package dev.forge.cli.project;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class BundledTemplateTest {
    private static final Path SERVICE = Path.of(System.getProperty("forge.root", ".."), "forge-service");
    private static final Set<String> DIRECTORIES_LEFT_OUT =
            Set.of("target", "data", "src/test/scripts", ".idea", ".vscode", ".settings");
    private static final String FILES_LEFT_OUT = "\\.env|\\.classpath|\\.project|.*\\.iml|.*\\.log|\\.DS_Store";

    private final SortedMap<String, byte[]> bundled = Template.bundled().files();

    @Test
    void holdsEveryFileOfTheServiceAndNothingElse() throws IOException {
        assertThat(bundled.keySet())
                .isEqualTo(filesOfTheService())
                .contains(".gitignore", ".dockerignore", ".env.example", "pom.xml", "README.md")
                .hasSizeGreaterThan(40);
    }

    @Test
    void holdsTheBytesOfTheService() {
        bundled.forEach(
                (path, content) -> assertThat(SERVICE.resolve(path)).as(path).hasBinaryContent(content));
    }

    @Test
    void hasUnixLineEndings() {
        bundled.forEach((path, content) -> {
            assertThat(Template.asText(content)).as(path).isPresent();
            assertThat(new String(content, UTF_8)).as(path).doesNotContain("\r").endsWith("\n");
        });
    }

    @Test
    void usesEveryNameThatIsReplaced() {
        String everything = text(bundled) + String.join("\n", bundled.keySet()) + text(Ci.GITHUB.files());

        assertThat(everything)
                .contains(Renames.of(template(), BundledFiles.version(), "0").oldNames());
    }

    @Test
    void hasNoOtherSpellingOfItsNames() {
        String everything = text(bundled) + String.join("\n", bundled.keySet());

        assertThat(everything
                        .replace(Renames.PACKAGE, "")
                        .replace("com/example/app", "")
                        .replace("<groupId>com.example</groupId>", ""))
                .doesNotContain("com.example", "com/example", "com.acme");
        assertThat(everything.replace(Renames.ARTIFACT, "").replace(Renames.DISPLAY_NAME, ""))
                .doesNotContainPattern("(?i)sample.?service");
        assertThat(everything).doesNotContainPattern("com[./]example[./]app\\w");
    }

    @Test
    void rendersWithAllFeaturesToItselfWithoutMarkers() {
        SortedMap<String, byte[]> rendered =
                renderer(BundledFiles.version()).renderTemplate(template(), BundledFiles.version());

        SortedMap<String, String> expected = new TreeMap<>();
        bundled.forEach((path, content) -> expected.put(
                path,
                new String(content, UTF_8).replaceAll("(?m)^[^\\w\\n]*forge:(file|begin|end)( \\w+)+( -->)?\\n", "")));
        assertThat(rendered.keySet()).isEqualTo(expected.keySet());
        rendered.forEach((path, content) ->
                assertThat(new String(content, UTF_8)).as(path).isEqualTo(expected.get(path)));
    }

    private static Answers template() {
        return new Answers(
                new ProjectName(Renames.ARTIFACT),
                new JavaPackage("com.example"),
                new JavaPackage(Renames.PACKAGE),
                JavaVersion.OLDEST,
                EnumSet.allOf(Feature.class),
                Ci.NONE);
    }

    private Renderer renderer(String version) {
        return new Renderer(version, new Template(bundled), new Library(version, new TreeMap<>()));
    }

    private static String text(SortedMap<String, byte[]> files) {
        StringBuilder text = new StringBuilder();
        files.values().forEach(content -> text.append(new String(content, UTF_8)));
        return text.toString();
    }

    private static Set<String> filesOfTheService() throws IOException {
        Set<String> files = new TreeSet<>();
        Files.walkFileTree(SERVICE, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                String path = SERVICE.relativize(directory).toString().replace('\\', '/');
                return DIRECTORIES_LEFT_OUT.contains(path) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (!file.getFileName().toString().matches(FILES_LEFT_OUT)) {
                    files.add(SERVICE.relativize(file).toString().replace('\\', '/'));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }
}
