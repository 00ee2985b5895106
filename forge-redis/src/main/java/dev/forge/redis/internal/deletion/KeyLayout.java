package dev.forge.redis.internal.deletion;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.internal.command.Commands;
import dev.forge.redis.internal.digest.Sha256;
import dev.forge.redis.internal.protocol.ServerInfo;
import dev.forge.redis.internal.route.RedisNode;
import dev.forge.redis.internal.thread.Futures;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * Which server process holds which keys, at one moment, as the servers report it.
 *
 * <p>While this stays the same and no slot migrates, SCAN cursors stay valid and no key moves to another node. A
 * restarted server, or another one at the same address, has its keys in another order.
 *
 * @param nodes what each node reports about itself, by its address: the process, and the slots that it serves
 * @param moving the slots that are migrating from one node to another
 * @param whole whether every node that serves a slot was asked
 */
record KeyLayout(Map<String, String> nodes, Set<Integer> moving, boolean whole) {

    private static final int FIRST_SLOT_FIELD = 8;

    /** The reply of one node. */
    private record Answer(String address, String process, String clusterNodes) {}

    /** Asks each of {@code primaries}. */
    static CompletableFuture<KeyLayout> look(Commands commands, List<RedisNode> primaries, boolean cluster) {
        List<CompletableFuture<Answer>> answers = primaries.stream()
                .map(node -> ask(commands.on(node), node.address(), cluster))
                .toList();
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(
                        done -> of(answers.stream().map(CompletableFuture::join).toList()));
    }

    private static CompletableFuture<Answer> ask(Commands node, String address, boolean cluster) {
        CompletableFuture<String> slots = cluster ? node.clusterNodes() : CompletableFuture.completedFuture("");
        return node.info("server")
                .exceptionallyCompose(failure -> Futures.unwrapped(failure) instanceof RedisRefusedException
                        ? CompletableFuture.completedFuture("")
                        : CompletableFuture.failedFuture(failure))
                .thenCombine(
                        slots,
                        (info, text) -> new Answer(address, ServerInfo.of(info).text("run_id"), text));
    }

    private static KeyLayout of(List<Answer> answers) {
        Map<String, String> nodes = new TreeMap<>();
        Set<Integer> moving = new HashSet<>();
        Set<String> asked = new HashSet<>();
        Set<String> serving = new HashSet<>();
        for (Answer answer : answers) {
            List<String> own = new ArrayList<>();
            for (String line : answer.clusterNodes().lines().toList()) {
                String[] fields = line.split(" ", -1);
                List<String> slots = List.of(fields).subList(Math.min(FIRST_SLOT_FIELD, fields.length), fields.length);
                if (slots.stream().anyMatch(slot -> !slot.startsWith("["))) {
                    serving.add(fields[0]);
                }
                if (fields[2].contains("myself")) {
                    asked.add(fields[0]);
                    own.addAll(slots);
                }
            }
            own.stream()
                    .filter(slot -> slot.startsWith("["))
                    .forEach(slot -> moving.add(Integer.parseInt(slot.substring(1, slot.indexOf('-')))));
            nodes.put(answer.address(), answer.process() + " " + String.join(" ", own));
        }
        return new KeyLayout(Map.copyOf(nodes), Set.copyOf(moving), asked.containsAll(serving));
    }

    /** Returns the addresses in a stable order. */
    List<String> addresses() {
        return nodes.keySet().stream().sorted().toList();
    }

    /** Returns whether a cursor stays valid as long as the layout stays equal. */
    boolean keepsCursors() {
        // While a slot migrates, its keys move without changing the layout. INFO may not be permitted to this user.
        return moving.isEmpty() && nodes.values().stream().noneMatch(node -> node.startsWith(ServerInfo.UNKNOWN));
    }

    /** Returns a short text that differs from that of any other layout. */
    String digest() {
        return Sha256.text(Sha256.of(new TreeMap<>(nodes).toString().getBytes(UTF_8)))
                .substring(0, ResumePoint.DIGEST);
    }
}
