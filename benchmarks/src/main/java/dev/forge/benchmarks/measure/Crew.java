package dev.forge.benchmarks.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Threads that start together, work for a while, and stay alive until their cost is measured. */
final class Crew {
    /** The time by which a round may overrun: a peer that hangs ends the benchmark instead of blocking it. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final CountDownLatch start = new CountDownLatch(1);
    private final CountDownLatch leave = new CountDownLatch(1);
    private final AtomicLong deadline = new AtomicLong();
    private final CountDownLatch ready;
    private final CountDownLatch done;
    private final List<Member> members;

    private Crew(List<Worker> workers) {
        ready = new CountDownLatch(workers.size());
        done = new CountDownLatch(workers.size());
        members = workers.stream().map(Member::new).toList();
    }

    /** Runs each of {@code workers} on a thread of its own for {@code time}, and fails with the first failure. */
    static Tally work(List<Worker> workers, ThreadFactory threads, Duration time, ServerProbe server) {
        try {
            return new Crew(workers).run(threads, time, server);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The round was interrupted", e);
        }
    }

    private Tally run(ThreadFactory factory, Duration time, ServerProbe server) throws InterruptedException {
        List<Thread> threads = members.stream().map(factory::newThread).toList();
        threads.forEach(Thread::start);
        ready.await();
        Meter meter = Meter.start(server);
        long begin = System.nanoTime();
        deadline.set(begin + time.toNanos());
        start.countDown();
        boolean ended = done.await(time.plus(PATIENCE).toMillis(), TimeUnit.MILLISECONDS);
        long nanos = System.nanoTime() - begin;
        Meter.Cost cost = meter.stop();
        leave.countDown();
        if (!ended) {
            threads.forEach(Thread::interrupt);
            throw new IllegalStateException("Calls hang: " + done.getCount() + " threads have not ended in time");
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return tally(nanos, cost);
    }

    private Tally tally(long nanos, Meter.Cost cost) {
        List<Long> operations = new ArrayList<>();
        Latencies latencies = new Latencies();
        for (Member member : members) {
            if (member.failure != null) {
                throw new IllegalStateException("A call failed", member.failure);
            }
            operations.add(member.operations);
            latencies.add(member.latencies);
        }
        return new Tally(operations, nanos, latencies, cost);
    }

    /** One thread. Its results are read after it has ended. */
    private final class Member implements Runnable {
        private final Latencies latencies = new Latencies();
        private final Worker worker;
        private long operations;
        private @Nullable Throwable failure;

        private Member(Worker worker) {
            this.worker = worker;
        }

        @Override
        public void run() {
            ready.countDown();
            try {
                start.await();
                operations = worker.work(deadline.get(), latencies);
            } catch (Throwable e) {
                failure = e;
            }
            done.countDown();
            try {
                leave.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
