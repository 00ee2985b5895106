package dev.forge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.charset.Charset;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar that users run. */
class ForgeJarIT {
    private static final String[] ARTIFACTS = {"forge-redis", "forge-redis-spring-boot-starter", "forge-redis-test"};

    @TempDir(factory = RealTempDir.class)
    Path directory;

    @Test
    void putsAReleaseOfTheLibraryIntoTheProject() throws Exception {
        assertThat(run("init", "shop").exit(20)).isZero();

        Path repository = directory.resolve("shop/.forge/repository/dev/forge");
        String version = only(repository.resolve("forge")).getFileName().toString();
        assertThat(version).matches("0\\.1\\.0-[0-9a-f]{10}");
        assertPom(repository, "forge", version);
        for (String artifact : ARTIFACTS) {
            assertPom(repository, artifact, version);
            Path jar = repository.resolve(artifact).resolve(version).resolve(artifact + "-" + version + ".jar");
            try (JarFile classes = new JarFile(jar.toFile())) {
                assertThat(classes.stream().filter(entry -> entry.getName().endsWith(".class")))
                        .isNotEmpty();
            }
        }
        assertThat(directory.resolve("shop/pom.xml")).content().contains("<forge.version>" + version + "<");
    }

    @Test
    void everyJarIsAModuleWithAStableName() throws Exception {
        assertThat(run("init", "shop").exit(20)).isZero();

        Path repository = directory.resolve("shop/.forge/repository/dev/forge");
        List<String> names = new ArrayList<>();
        for (String artifact : ARTIFACTS) {
            Path version = only(repository.resolve(artifact));
            names.add(moduleName(version.resolve(artifact + "-" + version.getFileName() + ".jar")));
        }
        names.add(moduleName(ForgeProcess.jar()));

        assertThat(names)
                .containsExactly("dev.forge.redis", "dev.forge.redis.spring", "dev.forge.redis.test", "dev.forge.cli");
    }

    private static String moduleName(Path jar) {
        return ModuleFinder.of(jar).findAll().iterator().next().descriptor().name();
    }

    @Test
    void holdsEveryBundledFile() throws Exception {
        Path classes = ForgeProcess.root().resolve("forge-cli/target/classes");
        Set<String> bundled = new TreeSet<>();
        try (JarFile jar = new JarFile(ForgeProcess.jar().toFile())) {
            jar.stream().filter(entry -> !entry.isDirectory()).forEach(entry -> bundled.add(entry.getName()));
        }

        assertThat(bundled).containsAll(files(classes)).contains("template/.gitignore", "template/.dockerignore");
    }

    @Test
    void createsTheSameBytesEveryTime() throws Exception {
        Files.createDirectory(directory.resolve("one"));
        Files.createDirectory(directory.resolve("two"));

        assertThat(run("init", "shop", "--dir", "one").exit(20)).isZero();
        // In another time zone, charset and language; Turkish has an i of its own.
        Map<String, String> elsewhere =
                Map.of("TZ", "Pacific/Kiritimati", "JAVA_TOOL_OPTIONS", "-Duser.language=tr -Dfile.encoding=US-ASCII");
        assertThat(ForgeProcess.jar(directory, elsewhere, "init", "shop", "--dir", "two")
                        .exit(20))
                .isZero();

        Set<String> paths = files(directory.resolve("one"));
        assertThat(files(directory.resolve("two"))).isEqualTo(paths);
        for (String path : paths) {
            assertThat(directory.resolve("two").resolve(path))
                    .hasSameBinaryContentAs(directory.resolve("one").resolve(path));
        }
    }

    @Test
    void writesPlainTextIntoAPipe() throws Exception {
        ForgeProcess run = run("init", "shop");

        assertThat(run.exit(20)).isZero();
        assertThat(run.output()).contains("Created shop").doesNotContain("\u001b");
        assertThat(run.errors()).isEmpty();
    }

    @Test
    void reportsADirectoryThatTheLocaleCannotName() throws Exception {
        Path odd = directory.resolve("gr\u00f6\u00dfe");
        assumeTrue(Charset.forName(System.getProperty("sun.jnu.encoding", "US-ASCII"))
                .newEncoder()
                .canEncode("\u00f6"));
        Files.createDirectory(odd);

        for (ForgeProcess run : List.of(
                ForgeProcess.jar(odd, Map.of("LC_ALL", "C"), "init", "shop"),
                ForgeProcess.jar(directory, Map.of("LC_ALL", "C"), "init", "shop", "--dir", odd.toString()))) {
            assertThat(run.exit(20)).isEqualTo(2);
            assertThat(run.errors()).isEqualTo("""
                            forge: the name of the directory cannot be read in this locale
                            Type: export LC_ALL=C.UTF-8 # and then the same command again
                            """);
        }
    }

    @Test
    void createsAllOfTheProjectOrNothingWheneverItIsInterrupted() throws Exception {
        assertThat(run("init", "complete").exit(20)).isZero();
        int all = files(directory.resolve("complete")).size();
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int interrupted = 0;

        for (int i = 0; i < 12; i++) {
            String name = "shop" + i;
            ForgeProcess run = run("init", name);
            // Not a wait for an event: the test varies the moment of the interrupt.
            run.process().waitFor(50 + random.nextInt(400), TimeUnit.MILLISECONDS);
            run.signal("INT");

            int exit = run.exit(20);
            boolean made = Files.exists(directory.resolve(name));
            String printed = run.output() + run.errors();
            if (printed.startsWith("Error")) {
                // So early that the JVM or its launcher failed, before forge ran: no interrupt of forge.
                assertThat(exit).as("seed %s: %s", seed, printed).isEqualTo(1);
            } else {
                interrupted += exit == 130 ? 1 : 0;
                assertThat(exit).as("seed %s: %s", seed, printed).isIn(0, 130);
            }
            assertThat(made ? files(directory.resolve(name)).size() : all)
                    .as("seed %s", seed)
                    .isEqualTo(all);
        }

        assertThat(interrupted).as("seed %s", seed).isPositive();
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.map(path -> path.getFileName().toString())).noneMatch(name -> name.startsWith("."));
        }
    }

    @Test
    void stopsTheServiceWhenItIsInterruptedAndThenEnds() throws Exception {
        Path programs = Files.createDirectory(directory.resolve("programs"));
        Path service = directory.resolve("service.pid");
        Path maven = Files.writeString(
                programs.resolve("mvn"),
                "#!/bin/sh\nsleep 600 &\necho $! >" + service + ".new\nmv " + service + ".new " + service
                        + "\necho started\nwait\n");
        assertThat(maven.toFile().setExecutable(true)).isTrue();
        int port = FreePorts.two();

        ForgeProcess run = ForgeProcess.jar(
                directory,
                Map.of("PATH", programs + ":" + System.getenv("PATH")),
                "init",
                "shop",
                "--run",
                "--port",
                Integer.toString(port));
        long pid = Long.parseLong(await(service, run).strip());
        assertThat(ProcessHandle.of(pid)).isPresent();
        run.signal("INT");

        assertThat(run.exit(20)).isEqualTo(130);
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(run.output()).contains("Created shop").endsWith("started\n");
    }

    private ForgeProcess run(String... arguments) throws Exception {
        return ForgeProcess.jar(directory, Map.of(), arguments);
    }

    private static String await(Path file, ForgeProcess run) throws Exception {
        for (int i = 0; i < 400 && !Files.exists(file); i++) {
            assertThat(run.process().waitFor(50, TimeUnit.MILLISECONDS))
                    .as("ended early: %s", run.errors())
                    .isFalse();
        }
        return Files.readString(file);
    }

    private static void assertPom(Path repository, String artifact, String version) throws IOException {
        Path directory = repository.resolve(artifact).resolve(version);
        String name = artifact + "-" + version;
        String pom = Files.readString(directory.resolve(name + ".pom"));
        assertThat(pom).containsOnlyOnce("<version>" + version + "</version>").doesNotContain("0.1.0-SNAPSHOT");
        assertThat(directory.resolve(name + ".pom.sha1")).isRegularFile();
    }

    private static Path only(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            List<Path> found = entries.toList();
            assertThat(found).hasSize(1);
            return found.get(0);
        }
    }

    /** Without those of Git, which have times in them. */
    private static Set<String> files(Path root) throws IOException {
        Set<String> files = new TreeSet<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return directory.endsWith(".git") ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                files.add(root.relativize(file).toString());
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }
}
