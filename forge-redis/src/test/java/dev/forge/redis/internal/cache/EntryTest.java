package dev.forge.redis.internal.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.cache.Leased;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryTest {

    private static final byte[] JSON = "{\"id\":1}".getBytes(UTF_8);
    private static final byte[] TOKEN = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");
    private static final Entry.Stamp STAMP = new Entry.Stamp(1_700_000_000_000_000L, List.of("user:1", "ü"));

    /** The format of docs/wire-format.md as golden bytes: they never change; new ones may be added. */
    @Test
    void matchesTheGoldenFile() throws IOException {
        Properties golden = new Properties();
        try (InputStream file = EntryTest.class.getResourceAsStream("entries.properties")) {
            golden.load(file);
        }
        byte[] value = Entry.value(JSON, false, 0x0A0B0C0D, 250, null);

        assertThat(hex(value)).isEqualTo(golden.getProperty("value"));
        assertThat(hex(Entry.value(JSON, true, 1, 0, null))).isEqualTo(golden.getProperty("packed"));
        assertThat(hex(Entry.value(JSON, false, 1, 0, STAMP))).isEqualTo(golden.getProperty("tagged"));
        assertThat(hex(Entry.absence(7))).isEqualTo(golden.getProperty("absence"));
        assertThat(hex(Leased.entry(TOKEN, 1_700_000_000_123L, 0, new byte[0]))).isEqualTo(golden.getProperty("lease"));
        assertThat(hex(Leased.entry(TOKEN, 1_700_000_000_123L, 1_700_000_000_023L, value)))
                .isEqualTo(golden.getProperty("lease.last"));
        assertThat(hex(Leased.entry(Entry.YIELDS, TOKEN, 1_700_000_000_123L, 0, new byte[0])))
                .isEqualTo(golden.getProperty("lease.yields"));
        assertThat(hex(Leased.fence(TOKEN, 1_700_000_000_123L, 0, new byte[0]))).isEqualTo(golden.getProperty("fence"));
    }

    @Test
    void readsWhatItWrote() {
        assertThat(Entry.decode(Entry.value(JSON, true, 5, 250, STAMP)))
                .isInstanceOfSatisfying(Entry.Value.class, value -> {
                    assertThat(value.packed()).isTrue();
                    assertThat(value.fingerprint()).isEqualTo(5);
                    assertThat(value.loadMillis()).isEqualTo(250);
                    assertThat(value.stamp()).isEqualTo(STAMP);
                    assertThat(Arrays.copyOfRange(value.bytes(), value.offset(), value.bytes().length))
                            .isEqualTo(JSON);
                });
        assertThat(Entry.decode(Entry.value(new byte[0], false, 0, 0, null))).isInstanceOf(Entry.Value.class);
        assertThat(Entry.decode(Entry.absence(3))).isEqualTo(new Entry.Absence(3));
        assertThat(Entry.decode(Leased.entry(TOKEN, 5, 3, Entry.absence(3))))
                .isEqualTo(new Entry.Lease(new Entry.Absence(3), 2, false));
        assertThat(Entry.decode(Leased.entry(Entry.YIELDS, TOKEN, 5, 3, Entry.absence(3))))
                .isEqualTo(new Entry.Lease(new Entry.Absence(3), 2, true));
        assertThat(Entry.decode(Leased.entry(TOKEN, 1, 3, new byte[0])))
                .isEqualTo(new Entry.Lease(new Entry.Unreadable(), 0, false));
        assertThat(Entry.decode(Leased.fence(TOKEN, 5, 9, Entry.absence(3)))).isEqualTo(new Entry.Fence());
    }

    @Test
    void knowsTheLengthOfItsContentBeforeCompression() {
        byte[] content = "text ".repeat(1_000).getBytes(UTF_8);
        byte[] packed = requireNonNull(Compression.pack(content));

        for (Entry.Stamp stamp : Arrays.asList(null, STAMP)) {
            assertThat(packed).hasSizeLessThan(content.length);
            assertThat(lengthOf(Entry.value(packed, true, 1, 0, stamp))).isEqualTo(content.length);
            assertThat(lengthOf(Entry.value(content, false, 1, 0, stamp))).isEqualTo(content.length);
        }
    }

    private static int lengthOf(byte[] entry) {
        return ((Entry.Value) Entry.decode(entry)).contentLength();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "f7",
                "f70156",
                "f7025600000000000000000000",
                "f7015604000000000000000000",
                "f7015a00000000000000000000",
                "f701560200000000000000000000",
                "f7014c00000102030405060708090a",
                "f7014c02000102030405060708090a0b0c0d0e0f3030303137303030303030303031323330303030303030303030303030303030",
                "f701460200000000000000000000",
                "7b7d7b7d7b7d7b7d7b7d7b7d7b7d",
                "aced00057372001164"
            })
    void treatsForeignBytesAsUnreadable(String hex) {
        assertThat(Entry.decode(HexFormat.of().parseHex(hex))).isInstanceOf(Entry.Unreadable.class);
    }

    @Test
    void survivesAnyBytes() {
        Random random = new Random(42);
        byte[] whole = Entry.value(JSON, true, 1, 0, STAMP);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = Arrays.copyOf(whole, random.nextInt(whole.length + 8));
            for (int flips = random.nextInt(4); flips > 0 && bytes.length > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            assertThat(Entry.decode(bytes)).isNotNull();
        }
    }

    @Test
    void survivesAChainOfLeases() {
        byte[] lease = Leased.entry(TOKEN, 5, 3, new byte[0]);
        byte[] chain = new byte[lease.length * 100_000];
        for (int at = 0; at < chain.length; at += lease.length) {
            System.arraycopy(lease, 0, chain, at, lease.length);
        }

        assertThat(Entry.decode(chain)).isEqualTo(new Entry.Lease(new Entry.Unreadable(), 2, false));
    }

    @Test
    void makesEveryLeaseTokenUnique() {
        assertThat(Entry.newToken()).hasSize(16).isNotEqualTo(Entry.newToken());
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
