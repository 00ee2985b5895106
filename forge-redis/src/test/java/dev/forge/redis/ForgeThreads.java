package dev.forge.redis;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The threads of the library that have started since this was made: tests before it may have left some. */
final class ForgeThreads {

    private final Set<Thread> before = running().collect(Collectors.toSet());

    List<String> started() {
        return running()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .toList();
    }

    private static Stream<Thread> running() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("forge-redis-")
                        || thread.getName().startsWith("forge-loader-"));
    }
}
