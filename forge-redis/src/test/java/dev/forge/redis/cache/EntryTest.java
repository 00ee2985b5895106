package dev.forge.redis.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryTest {

    @Test
    void hasTheseBytesForEver() {
        assertThat(Entry.value("{}".getBytes(UTF_8))).isEqualTo(HexFormat.of().parseHex("f70156007b7d"));
        assertThat(Entry.absence()).isEqualTo(HexFormat.of().parseHex("f7014100"));
        assertThat(Entry.newLease()).hasSize(36).startsWith(HexFormat.of().parseHex("f7014c00"));
    }

    @Test
    void tellsTheFourKindsApart() {
        assertThat(Entry.decode(Entry.value("{}".getBytes(UTF_8))))
                .isInstanceOfSatisfying(
                        Entry.Value.class,
                        value -> assertThat(value.content()).asString().isEqualTo("{}"));
        assertThat(Entry.decode(Entry.value(new byte[0]))).isInstanceOf(Entry.Value.class);
        assertThat(Entry.decode(Entry.absence())).isInstanceOf(Entry.Absence.class);
        assertThat(Entry.decode(Entry.newLease())).isInstanceOf(Entry.Lease.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "f7", "f70156", "f7025600", "f7015601", "f7015a00", "7b7d7b7d", "aced0005"})
    void readsNothingThatItDidNotWrite(String hex) {
        assertThat(Entry.decode(HexFormat.of().parseHex(hex))).isInstanceOf(Entry.Unreadable.class);
    }

    @Test
    void givesNoTwoLeasesAlike() {
        assertThat(Entry.newLease()).isNotEqualTo(Entry.newLease());
    }
}
