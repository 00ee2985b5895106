package dev.forge.cli.program;

import dev.forge.cli.program.GitResult.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the Git repository of a new project, with a first commit of the files that Forge has made and no others.
 *
 * <p>The user's own configuration holds, and is not changed: author, name of the branch, signature, hooks.
 */
public final class GitRepository {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    /** Each of them names a repository other than that of the directory, as in a hook of Git. */
    private static final Set<String> OTHER_REPOSITORIES = Set.of(
            "GIT_DIR",
            "GIT_WORK_TREE",
            "GIT_COMMON_DIR",
            "GIT_INDEX_FILE",
            "GIT_OBJECT_DIRECTORY",
            "GIT_ALTERNATE_OBJECT_DIRECTORIES",
            "GIT_NAMESPACE",
            "GIT_PREFIX");

    private final Program git;
    private final Path project;

    private GitRepository(Program git, Path project) {
        this.git = git;
        this.project = project;
    }

    /**
     * Makes the repository, unless {@code project} is in one already. Blocks, possibly for minutes: Git may ask for a
     * passphrase. Never fails: the result tells how far it came.
     *
     * @param paths the files of the first commit; those that do not exist are left out
     * @param message of the first commit
     */
    public static GitResult create(String searchPath, Path project, Collection<String> paths, String message) {
        Optional<Path> existing = around(project);
        if (existing.isPresent()) {
            boolean own = existing.get().equals(project);
            return new GitResult(
                    State.EXISTING, own ? "" : "No Git repository: this is in the one of " + existing.get());
        }
        return Program.git(searchPath)
                .map(git -> new GitRepository(git, project).create(paths, message))
                .orElseGet(() -> new GitResult(State.NO_GIT, ""));
    }

    /** The nearest directory with a repository. Git is not asked: it denies those that belong to another user. */
    private static Optional<Path> around(Path project) {
        for (Path directory = project; directory != null; directory = directory.getParent()) {
            if (Files.exists(directory.resolve(".git"), LinkOption.NOFOLLOW_LINKS)) {
                return Optional.of(directory);
            }
        }
        return Optional.empty();
    }

    private GitResult create(Collection<String> paths, String message) {
        try {
            require(run("", "init", "--quiet"));
        } catch (IOException e) {
            return new GitResult(State.FAILED, "No Git repository: git init failed: " + e.getMessage());
        }
        try {
            // Not "git add": it leaves out what the user ignores everywhere, often *.jar, and takes other files.
            require(run(existing(paths), "update-index", "--add", "-z", "--stdin"));
            if (!knowsAuthor()) {
                return new GitResult(State.UNCOMMITTED, "No first commit: git does not know your name and address yet");
            }
            require(run("", "commit", "--quiet", "--message", message));
            return new GitResult(State.COMMITTED, "");
        } catch (IOException e) {
            return new GitResult(State.UNCOMMITTED, "No first commit: git failed: " + e.getMessage());
        }
    }

    private String existing(Collection<String> paths) {
        StringBuilder list = new StringBuilder();
        paths.stream()
                .filter(path -> Files.isRegularFile(project.resolve(path), LinkOption.NOFOLLOW_LINKS))
                .forEach(path -> list.append(path).append('\0'));
        return list.toString();
    }

    /** Without a configuration, Git would make an address of the names of the user and the machine. */
    private boolean knowsAuthor() throws IOException {
        for (String who : List.of("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT")) {
            if (!run("", "-c", "user.useConfigOnly=true", "var", who).succeeded()) {
                return false;
            }
        }
        return true;
    }

    private ProgramResult run(String input, String... arguments) throws IOException {
        return git.run(new Program.Call(project, List.of(arguments), input, OTHER_REPOSITORIES, LONGEST));
    }

    private static void require(ProgramResult result) throws IOException {
        if (!result.succeeded()) {
            throw new IOException(result.reason());
        }
    }
}
