package dev.forge.redis.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

class HashSlotTest {
    @Test
    void matchesTheExampleOfTheSpecification() {
        assertThat(HashSlot.of("123456789")).isEqualTo(0x31C3);
        assertThat(HashSlot.of("")).isZero();
    }

    @Test
    void hashesOnlyTheFirstTagThatIsNotEmpty() {
        assertThat(HashSlot.of("{user1000}.following")).isEqualTo(HashSlot.of("user1000"));
        assertThat(HashSlot.of("foo{{bar}}zap")).isEqualTo(HashSlot.of("{bar"));
        assertThat(HashSlot.of("foo{bar}{zap}")).isEqualTo(HashSlot.of("bar"));
        assertThat(HashSlot.of("foo{}{bar}")).isNotEqualTo(HashSlot.of("bar"));
        assertThat(HashSlot.of("}foo{bar")).isNotEqualTo(HashSlot.of("bar"));
    }

    @Test
    void findsAKeyInASingleSlot() {
        BitSet slots = new BitSet();
        slots.set(16_383);

        assertThat(HashSlot.of(HashSlot.keyIn(slots))).isEqualTo(16_383);
    }

    @Test
    void refusesASlotThatDoesNotExist() {
        assertThat(HashSlot.require(16_383)).isEqualTo(16_383);
        assertThatThrownBy(() -> HashSlot.require(16_384))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("slot must be from 0 to 16383, but was 16384");
        assertThatThrownBy(() -> HashSlot.require(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
