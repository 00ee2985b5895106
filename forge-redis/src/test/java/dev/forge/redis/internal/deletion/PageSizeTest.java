package dev.forge.redis.internal.deletion;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PageSizeTest {

    private static final long ROUND_TRIP = 200_000;

    private final PageSize size = new PageSize();

    @Test
    void settlesAtThreeQuartersOfAMillisecondOfTheServersTime() {
        size.roundTrip(ROUND_TRIP);

        settle(1_000);
        assertThat(size.next()).isEqualTo(750);
        settle(400);
        assertThat(size.next()).isEqualTo(1_875);
        settle(2_500);
        assertThat(size.next()).isEqualTo(300);
    }

    @Test
    void staysWithinItsBounds() {
        size.roundTrip(ROUND_TRIP);

        settle(1);
        assertThat(size.next()).isEqualTo(PageSize.MOST);
        settle(100_000);
        assertThat(size.next()).isEqualTo(PageSize.LEAST);
    }

    @Test
    void ignoresOneSlowReply() {
        size.roundTrip(ROUND_TRIP);
        settle(1_000);

        size.took(50_000_000, size.next());

        assertThat(size.next()).isEqualTo(750);
    }

    @Test
    void doesNotCountNetworkTimeAsServerTime() {
        size.roundTrip(30_000_000);
        size.roundTrip(20_000_000);

        for (int i = 0; i < 20; i++) {
            size.took(20_000_000 + size.next() * 1_000L, size.next());
        }

        assertThat(size.next()).isEqualTo(750);
    }

    @Test
    void atMostDoublesOrHalvesAtOnce() {
        size.took(1, size.next());
        assertThat(size.next()).isEqualTo(2 * PageSize.FIRST);

        PageSize other = new PageSize();
        other.took(1_000_000_000, other.next());
        assertThat(other.next()).isEqualTo(PageSize.FIRST / 2);
    }

    private void settle(int nanosPerKey) {
        for (int i = 0; i < 20; i++) {
            size.took(ROUND_TRIP + (long) nanosPerKey * size.next(), size.next());
        }
    }
}
