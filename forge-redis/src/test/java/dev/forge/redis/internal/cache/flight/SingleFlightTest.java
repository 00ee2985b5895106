package dev.forge.redis.internal.cache.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.forge.redis.internal.cache.flight.SingleFlight.Flight;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each operation is one step of a concurrent map, so all orders of the steps are all interleavings of threads. */
class SingleFlightTest {

    private static final String KEY = "key";
    private static final List<String> CALLER = List.of("joins or starts", "ends");

    /** Returns all orders of the steps; each step begins with the number of its actor. */
    private static Stream<List<String>> orders(List<String> done, List<List<String>> left) {
        if (left.stream().allMatch(List::isEmpty)) {
            return Stream.of(done);
        }
        List<Stream<List<String>>> all = new ArrayList<>();
        for (int i = 0; i < left.size(); i++) {
            if (!left.get(i).isEmpty()) {
                List<String> more = new ArrayList<>(done);
                more.add(i + " " + left.get(i).get(0));
                List<List<String>> rest = new ArrayList<>(left);
                rest.set(i, left.get(i).subList(1, left.get(i).size()));
                all.add(orders(more, rest));
            }
        }
        return all.stream().flatMap(each -> each);
    }

    @Test
    void letsNoCallerJoinAnEndedOrOutdatedLookUp() {
        List<List<String>> actors = List.of(CALLER, CALLER, CALLER, List.of("forgets"), List.of("forgets all"));

        long seen = orders(List.of(), actors).peek(SingleFlightTest::check).count();

        assertThat(seen).isEqualTo(5_040);
    }

    /** As for lack of memory. */
    @Test
    void releasesCallersAlthoughTheFirstSweepCouldNotBePlanned() {
        AtomicInteger plans = new AtomicInteger();
        List<Runnable> planned = new ArrayList<>();
        SingleFlight<String> flights = new SingleFlight<>(Duration.ZERO, (millis, task) -> {
            if (plans.getAndIncrement() == 0) {
                throw new OutOfMemoryError("not really");
            }
            planned.add(task);
        });
        Flight<String> hanging = new Flight<>(KEY);
        flights.joinOrStart(hanging);
        assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> flights.joinOrStart(new Flight<>(KEY)));

        Flight<String> other = new Flight<>("other");
        flights.joinOrStart(other);
        flights.joinOrStart(new Flight<>("other"));
        List.copyOf(planned).forEach(Runnable::run);

        assertThat(hanging).isCompletedExceptionally();
        assertThat(other).isCompletedExceptionally();
    }

    @Test
    void marksWhatCanNoLongerBeJoined() {
        SingleFlight<String> flights = new SingleFlight<>(Duration.ofSeconds(10), (millis, task) -> {});
        List<Flight<String>> running = List.of(new Flight<>(KEY), new Flight<>("a"), new Flight<>("b"));
        running.forEach(flights::joinOrStart);

        flights.forget(KEY);
        assertThat(running).extracting(Flight::isDoubtful).containsExactly(true, false, false);
        flights.forgetAll();

        assertThat(running).allMatch(Flight::isDoubtful);
        assertThat(running).noneMatch(flight -> flight.equals(flights.current(flight.key())));
    }

    private static void check(List<String> order) {
        SingleFlight<String> flights = new SingleFlight<>(Duration.ofSeconds(10), (millis, task) -> {});
        List<Flight<String>> own = new ArrayList<>(List.of(new Flight<>(KEY), new Flight<>(KEY), new Flight<>(KEY)));
        List<@Nullable Flight<String>> joined = new ArrayList<>(Arrays.asList(null, null, null));
        List<Flight<String>> open = new ArrayList<>();
        for (String step : order) {
            int actor = step.charAt(0) - '0';
            switch (step.substring(2)) {
                case "joins or starts" -> {
                    Flight<String> other = flights.joinOrStart(own.get(actor));
                    joined.set(actor, other);
                    if (other == null) {
                        assertThat(open).as("%s: two at once", order).isEmpty();
                        open.add(own.get(actor));
                    } else {
                        assertThat(open)
                                .as("%s: joined an ended or outdated flight", order)
                                .containsExactly(other);
                    }
                }
                case "ends" -> {
                    if (joined.get(actor) == null) {
                        flights.complete(own.get(actor), Optional.of("value"));
                        open.remove(own.get(actor));
                    }
                }
                case "forgets" -> {
                    flights.forget(KEY);
                    open.clear();
                }
                default -> {
                    flights.forgetAll();
                    open.clear();
                }
            }
        }
        assertThat(flights.current(KEY)).as("%s: left behind", order).isNull();
    }
}
