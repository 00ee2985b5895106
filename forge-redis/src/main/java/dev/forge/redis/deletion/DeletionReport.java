package dev.forge.redis.deletion;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a deletion by pattern did, or what it would do in a dry run.
 *
 * @param dryRun whether nothing was removed
 * @param scanned about how many keys were examined: as many as Redis was asked to examine
 * @param matched how many of them matched; a key may be counted twice
 * @param removed how many were removed
 * @param nodes the same figures for each primary, by where its keys were found
 * @param elapsed how long it took
 * @param sample the first keys that matched, at most {@value #MOST_IN_SAMPLE}, as named in Redis and in no order
 * @param resumePoint where to resume, or nothing if it was complete
 */
public record DeletionReport(
        boolean dryRun,
        long scanned,
        long matched,
        long removed,
        List<Node> nodes,
        Duration elapsed,
        List<String> sample,
        Optional<String> resumePoint) {

    /** The most keys in a sample. */
    public static final int MOST_IN_SAMPLE = 20;

    /** Copies the lists. */
    public DeletionReport {
        nodes = List.copyOf(nodes);
        sample = List.copyOf(sample);
    }

    /**
     * What was done on one primary.
     *
     * @param address its host and port
     * @param scanned about how many keys were examined
     * @param matched how many of them matched
     * @param removed how many of these were removed
     */
    public record Node(String address, long scanned, long matched, long removed) {

        public Node plus(Node other) {
            return new Node(address, scanned + other.scanned(), matched + other.matched(), removed + other.removed());
        }
    }

    public static DeletionReport of(
            boolean dryRun, List<Node> nodes, Duration elapsed, List<String> sample, @Nullable String resumePoint) {
        return new DeletionReport(
                dryRun,
                nodes.stream().mapToLong(Node::scanned).sum(),
                nodes.stream().mapToLong(Node::matched).sum(),
                nodes.stream().mapToLong(Node::removed).sum(),
                nodes,
                elapsed,
                sample.subList(0, Math.min(sample.size(), MOST_IN_SAMPLE)),
                Optional.ofNullable(resumePoint));
    }

    /** Returns whether all keys were examined. */
    public boolean isComplete() {
        return resumePoint.isEmpty();
    }
}
