package dev.forge.cli.project;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Makes projects from the template: leaves out unwanted features, applies the project's names, and adds {@code .forge}.
 *
 * <p>A pure function of the template, the library and the answers. Thread-safe.
 */
public final class Renderer {
    private final String forgeVersion;
    private final Template template;
    private final Library library;

    Renderer(String forgeVersion, Template template, Library library) {
        this.forgeVersion = forgeVersion;
        this.template = template;
        this.library = library;
    }

    /** The renderer of the template and the library in this jar. */
    public static Renderer bundled() {
        return new Renderer(forgeVersion(), Template.bundled(), Library.bundled());
    }

    /** The version of Forge. */
    public static String forgeVersion() {
        return BundledFiles.version();
    }

    /**
     * The project for {@code answers}.
     *
     * @throws TemplateFault if the template is wrong
     */
    public RenderedProject render(Answers answers) {
        SortedMap<String, byte[]> base = renderTemplate(answers, library.version());
        SortedMap<String, byte[]> files = new TreeMap<>(base);
        if (answers.has(Feature.REDIS)) {
            library.repository().forEach((path, content) -> files.put(".forge/repository/" + path, content));
        }
        files.put(".forge/base.zip", BaseArchive.of(base));
        files.put(
                Manifest.PATH,
                Manifest.of(forgeVersion, library.version(), answers, files).toJson());
        return new RenderedProject(answers, files, leftOut(answers, base));
    }

    private SortedSet<String> leftOut(Answers answers, SortedMap<String, byte[]> base) {
        Renames renames = Renames.of(answers, forgeVersion, library.version());
        SortedSet<String> leftOut = new TreeSet<>();
        template.files().keySet().forEach(path -> leftOut.add(renames.apply(path)));
        leftOut.removeAll(base.keySet());
        return leftOut;
    }

    /** The files of the template and of the CI service alone, with {@code libraryVersion} as the version of the library that they ask for. */
    SortedMap<String, byte[]> renderTemplate(Answers answers, String libraryVersion) {
        Renames renames = Renames.of(answers, forgeVersion, libraryVersion);
        Set<Feature> features = answers.features();
        SortedMap<String, byte[]> sources = new TreeMap<>(template.files());
        sources.putAll(answers.ci().files());
        SortedMap<String, byte[]> rendered = new TreeMap<>();
        sources.forEach((path, content) -> {
            String newPath = renames.apply(path);
            Template.asText(content)
                    .ifPresentOrElse(
                            text -> new MarkedText(path, text)
                                    .keep(features)
                                    .map(renames::apply)
                                    .ifPresent(kept -> rendered.put(newPath, kept.getBytes(UTF_8))),
                            () -> rendered.put(newPath, content));
        });
        return rendered;
    }
}
