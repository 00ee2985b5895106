package dev.forge.redis.deletion;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a deletion by pattern has done, or with a dry run would do.
 *
 * @param dryRun whether nothing was removed
 * @param scanned about how many keys were looked at; Redis says how many it was asked to look at
 * @param matched how many of them matched, where one may have been found twice
 * @param removed how many were removed
 * @param nodes the same for each primary, by where the keys were found
 * @param elapsed how long it took
 * @param sample the first keys that matched, as they are in Redis, at most {@value #MOST_IN_SAMPLE}; in no order
 * @param resumePoint where to go on, or nothing if it was complete
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

    /** The most keys of the sample. */
    public static final int MOST_IN_SAMPLE = 20;

    /** Copies the lists. */
    public DeletionReport {
        nodes = List.copyOf(nodes);
        sample = List.copyOf(sample);
    }

    /**
     * What was done at one primary.
     *
     * @param address its host and port
     * @param scanned about how many keys were looked at
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

    /** Returns whether everything was looked at. */
    public boolean isComplete() {
        return resumePoint.isEmpty();
    }
}
