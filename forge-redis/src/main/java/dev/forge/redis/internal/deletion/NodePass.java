package dev.forge.redis.internal.deletion;

import dev.forge.redis.deletion.DeletionReport;
import dev.forge.redis.internal.command.Commands;
import dev.forge.redis.internal.thread.Futures;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One pass over the keys of one node, page by page.
 *
 * <p>While one page is being unlinked the next is being scanned, and never more than that: the server can serve others
 * in between, and memory holds two pages whatever the number of keys.
 */
final class NodePass {

    private static final int TRIPS_MEASURED = 3;
    private static final int PAGES_A_TRIP = 64;

    private final DeletionRun<?> run;
    private final Commands node;
    private final String address;
    private final PageSize size = new PageSize();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    // Used by one step at a time, and read when the pass has ended.
    private String cursor;
    private int pages;
    private long scanned;
    private long matched;
    private long removed;

    NodePass(DeletionRun<?> run, Commands node, String address, String cursor) {
        this.run = run;
        this.node = node;
        this.address = address;
        this.cursor = cursor;
    }

    /** Starts; the result completes when the end is reached or the run is over. */
    CompletableFuture<Void> start() {
        if (cursor.equals(ResumePoint.END)) {
            ended.complete(null);
        } else {
            measureTrip(TRIPS_MEASURED);
        }
        return ended;
    }

    /** Measures the round trip of a command that costs the server nothing, and continues. */
    private void measureTrip(int times) {
        long start = System.nanoTime();
        after(node.time(), time -> {
            size.roundTrip(System.nanoTime() - start);
            if (times > 1) {
                measureTrip(times - 1);
            } else {
                page(CompletableFuture.completedFuture(0L));
            }
        });
    }

    /** Scans the next page while {@code unlinking}, for the page before, is under way. */
    private void page(CompletableFuture<Long> unlinking) {
        int count = size.next();
        long start = System.nanoTime();
        after(
                node.scan(cursor, run.glob(), count, null).thenCombine(unlinking, (page, last) -> {
                    removed += last;
                    return page;
                }),
                page -> {
                    size.took(System.nanoTime() - start, count);
                    scanned += count;
                    found(page);
                });
    }

    private void found(Commands.Page page) {
        pages++;
        List<byte[]> keys = run.selected(page.keys());
        matched += keys.size();
        cursor = page.isLast() ? ResumePoint.END : page.cursor();
        CompletableFuture<Long> unlinking = run.take(keys);
        boolean last = page.isLast() || run.isOver();
        if (!last && pages % PAGES_A_TRIP != 0) {
            page(unlinking);
            return;
        }
        after(unlinking, count -> {
            removed += count;
            if (last) {
                ended.complete(null);
            } else {
                measureTrip(1);
            }
        });
    }

    private <T> void after(CompletableFuture<T> step, Consumer<T> next) {
        step.thenAccept(next).whenComplete((done, failure) -> {
            if (failure != null) {
                ended.completeExceptionally(Futures.unwrapped(failure));
            }
        });
    }

    String address() {
        return address;
    }

    /** Returns the cursor where the next pass would continue, or {@link ResumePoint#END}. */
    String cursor() {
        return cursor;
    }

    /** Returns what this pass has done. */
    DeletionReport.Node report() {
        return new DeletionReport.Node(address, scanned, matched, removed);
    }
}
