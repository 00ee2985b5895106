package dev.forge.cli.project;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.cli.failure.Printable;
import dev.forge.cli.json.Json;
import dev.forge.cli.json.JsonReader;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What forge has made in a project: the answers, and the hash of every file as it was written.
 *
 * <p>While an existing project changes, its manifest knows the files of before and after. So a change that was killed
 * half way can be made again, and the files of both sides are still known to be Forge's.
 */
public final class Manifest {
    /** Its place in the project. */
    public static final String PATH = ".forge/manifest.json";

    private static final String FORMER = "former";
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    /** A backslash, a colon or a control character: names that Windows reads as another place. */
    private static final Pattern NEVER_IN_A_PATH = Pattern.compile("[\\\\:\\p{Cntrl}]");

    private final Map<String, Object> description;
    private final SortedMap<String, String> files;
    private final SortedMap<String, SortedSet<String>> former;
    private final boolean unfinished;

    private Manifest(
            Map<String, Object> description,
            SortedMap<String, String> files,
            SortedMap<String, SortedSet<String>> former,
            boolean unfinished) {
        this.description = description;
        this.files = files;
        this.former = former;
        this.unfinished = unfinished;
    }

    static Manifest of(String forge, String library, Answers answers, SortedMap<String, byte[]> contents) {
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("forge", forge);
        description.put("library", library);
        description.put("answers", answers.asMap());
        SortedMap<String, String> files = new TreeMap<>();
        contents.forEach((path, content) -> files.put(path, Digest.sha256(content)));
        return new Manifest(description, files, new TreeMap<>(), false);
    }

    /**
     * The manifest in {@code json}, of this version of Forge or an older one.
     *
     * @throws InvalidManifest if it is not a manifest, or names a path that a project cannot have
     */
    public static Manifest read(byte[] json) throws InvalidManifest {
        Map<String, Object> all;
        try {
            all = JsonReader.read(new String(json, UTF_8));
        } catch (IllegalArgumentException e) {
            throw new InvalidManifest(String.valueOf(e.getMessage()));
        }
        SortedMap<String, String> files = new TreeMap<>();
        for (Map.Entry<?, ?> file : object(all, "files").entrySet()) {
            files.put(path(file.getKey()), hash(file.getValue()));
        }
        SortedMap<String, SortedSet<String>> former = new TreeMap<>();
        boolean unfinished = all.containsKey(FORMER);
        for (Map.Entry<?, ?> file : unfinished ? object(all, FORMER).entrySet() : Set.<Map.Entry<?, ?>>of()) {
            former.put(path(file.getKey()), hashes(file.getValue()));
        }
        Map<String, Object> description = new LinkedHashMap<>(all);
        description.keySet().removeAll(Set.of("files", FORMER));
        return new Manifest(description, files, former, unfinished);
    }

    /** This manifest for the time in which the files of {@code before} are replaced. */
    public Manifest replacing(Manifest before) {
        SortedMap<String, SortedSet<String>> known = new TreeMap<>();
        before.former.forEach((path, hashes) -> known.put(path, new TreeSet<>(hashes)));
        before.files.forEach((path, hash) ->
                known.computeIfAbsent(path, none -> new TreeSet<>()).add(hash));
        return new Manifest(description, files, known, true);
    }

    /** This manifest for the time in which its files are written into a directory. */
    public Manifest beginning() {
        return new Manifest(description, files, new TreeMap<>(), true);
    }

    /** This manifest with those of {@code paths} that {@code before} has and this one does not. */
    public Manifest keeping(Manifest before, Collection<String> paths) {
        SortedMap<String, String> all = new TreeMap<>(before.files);
        all.keySet().retainAll(paths);
        all.putAll(files);
        return new Manifest(description, all, former, unfinished);
    }

    /** This manifest with these files too. */
    public Manifest with(Map<String, byte[]> contents) {
        SortedMap<String, String> all = new TreeMap<>(files);
        contents.forEach((path, content) -> all.put(path, Digest.sha256(content)));
        return new Manifest(description, all, former, unfinished);
    }

    /** The name of the project; empty if it is not legal. */
    public Optional<ProjectName> name() {
        if (!(description.get("answers") instanceof Map<?, ?> answers)
                || !(answers.get("name") instanceof String name)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ProjectName(name));
        } catch (InvalidAnswer e) {
            return Optional.empty();
        }
    }

    /**
     * The answers, for a project that is called {@code name} now; empty if they are not legal. What an older Forge did
     * not ask is answered as that Forge made it.
     */
    public Optional<Answers> answers(ProjectName name) {
        if (!(description.get("answers") instanceof Map<?, ?> answers)
                || !(answers.get("group") instanceof String group)
                || !(answers.get("package") instanceof String javaPackage)) {
            return Optional.empty();
        }
        Object java = answers.get("java");
        Object ci = answers.get("ci");
        try {
            return Optional.of(new Answers(
                    name,
                    new JavaPackage(group),
                    new JavaPackage(javaPackage),
                    java == null ? JavaVersion.OLDEST : JavaVersion.of(java.toString()),
                    Arrays.stream(Feature.values())
                            .filter(feature -> Boolean.TRUE.equals(answers.get(feature.id())))
                            .collect(Collectors.toSet()),
                    ci == null ? Ci.NONE : Ci.of(ci.toString())));
        } catch (InvalidAnswer e) {
            return Optional.empty();
        }
    }

    /** Whether the change that wrote this manifest was stopped before its end. */
    public boolean isUnfinished() {
        return unfinished;
    }

    /** The paths of all files that forge may have made. */
    public SortedSet<String> paths() {
        SortedSet<String> paths = new TreeSet<>(files.keySet());
        paths.addAll(former.keySet());
        return paths;
    }

    /** Whether forge wrote {@code content} to {@code path}. The line ends of Windows make no difference. */
    public boolean made(String path, byte[] content) {
        return knows(path, Digest.sha256(content))
                || Template.asText(content)
                        .filter(text -> text.contains("\r\n"))
                        .filter(text -> knows(
                                path, Digest.sha256(text.replace("\r\n", "\n").getBytes(UTF_8))))
                        .isPresent();
    }

    private boolean knows(String path, String hash) {
        return hash.equals(files.get(path))
                || former.getOrDefault(path, new TreeSet<>()).contains(hash);
    }

    /** The bytes of the file. */
    public byte[] toJson() {
        Map<String, Object> all = new LinkedHashMap<>(description);
        all.put("files", files);
        if (unfinished) {
            all.put(FORMER, former);
        }
        return Json.write(all).getBytes(UTF_8);
    }

    private static Map<?, ?> object(Map<String, Object> all, String name) throws InvalidManifest {
        if (all.get(name) instanceof Map<?, ?> object) {
            return object;
        }
        throw new InvalidManifest("\"" + name + "\" is not an object");
    }

    private static SortedSet<String> hashes(Object value) throws InvalidManifest {
        SortedSet<String> hashes = new TreeSet<>();
        if (value instanceof List<?> list) {
            for (Object item : list) {
                hashes.add(hash(item));
            }
            return hashes;
        }
        throw new InvalidManifest("\"" + FORMER + "\" does not hold lists");
    }

    private static String hash(Object value) throws InvalidManifest {
        if (value instanceof String hash && HASH.matcher(hash).matches()) {
            return hash;
        }
        throw new InvalidManifest("a hash is not 64 hexadecimal digits");
    }

    /** A path that stays inside the project, and outside its version control. */
    private static String path(Object value) throws InvalidManifest {
        String path = String.valueOf(value);
        String[] names = path.split("/", -1);
        boolean legal = !NEVER_IN_A_PATH.matcher(path).find() && !names[0].equalsIgnoreCase(".git");
        for (String name : names) {
            legal &= !name.isBlank() && !name.equals(".") && !name.equals("..");
        }
        if (!legal) {
            throw new InvalidManifest("no file of a project is at " + Printable.value(path));
        }
        return path;
    }
}
