package dev.forge.redis.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.forge.redis.key.Keyspace;
import dev.forge.redis.key.RedisKey;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.cache.interceptor.SimpleKey;

class TextKeysTest {

    private final TextKeys keys = new TextKeys();

    record Page(int number, String order) {}

    @Test
    void looksAsAPersonWouldWriteIt() {
        assertThat(keys.format("a,b")).isEqualTo("a,b");
        assertThat(keys.format(42)).isEqualTo("42");
        assertThat(keys.format(TimeUnit.DAYS)).isEqualTo("DAYS");
        assertThat(keys.format(LocalDate.of(2026, 1, 2))).isEqualTo("2026-01-02");
        assertThat(keys.format(new UUID(0, 1))).isEqualTo("00000000-0000-0000-0000-000000000001");
        assertThat(keys.format(new SimpleKey(42L, "de", null))).isEqualTo("(42,de,\\N)");
        assertThat(keys.format(SimpleKey.EMPTY)).isEqualTo("()");
        assertThat(keys.format(List.of(1, List.of(2)))).isEqualTo("[1,[2]]");
        assertThat(keys.format(new int[] {1, 2})).isEqualTo("[1,2]");
        assertThat(keys.format(new Page(0, "name"))).isEqualTo("Page(0,name)");
    }

    @Test
    void differentKeysHaveDifferentTexts() {
        List<Object> all = new ArrayList<>();
        List<String> words = List.of(
                "a", "b", "a,b", "(a,b)", "[a,b]", "\\a", "\\", "N", "\\N", ",", "()", "[]", "Page(1,a)", ")", "");
        all.addAll(words);
        for (String one : words) {
            all.add(new SimpleKey(one));
            all.add(List.of(one));
            all.add(new Page(1, one));
            for (String other : words) {
                all.add(new SimpleKey(one, other));
                all.add(List.of(one, other));
            }
        }
        all.add(SimpleKey.EMPTY);
        all.add(List.of());
        all.add(new SimpleKey((Object) null));
        all.add(Arrays.asList((Object) null));

        Map<String, Object> texts = new HashMap<>();
        for (Object key : all) {
            Object before = texts.put(keys.format(key), key);
            assertThat(before).as("another key with the text of %s", key).isNull();
        }
    }

    @Test
    void whatRedisCannotHaveInAKeyIsShortened() {
        String longest = "x".repeat(500);
        String hash = "[0-9a-f]{64}";

        assertThat(keys.format("")).isEqualTo("\\E");
        assertThat(keys.format(longest)).isEqualTo(longest);
        assertThat(keys.format(longest + "y")).matches("x{100}…\\(" + hash + "\\)");
        assertThat(keys.format("*".repeat(167))).matches("\\*{100}…\\(" + hash + "\\)");
        assertThat(keys.format(new SimpleKey("a", longest))).matches("\\(a,x{97}…\\(" + hash + "\\)");
        assertThat(keys.format("a\ud83d")).matches("a\\?…\\(" + hash + "\\)");
        assertThat(keys.format("\\".repeat(600))).matches("…\\(" + hash + "\\)");
    }

    @Test
    void differentKeysThatAreShortenedHaveDifferentTexts() {
        List<Object> all = new ArrayList<>();
        for (String each : List.of("a\ud83d", "a\ud83e", "a\udc00", "a?", "x".repeat(501), "x".repeat(502))) {
            all.addAll(List.of(each, "\\" + each, each + ")", new SimpleKey(each), List.of(each), new Page(1, each)));
        }
        // A caller may pass the text that stands for another key.
        List.copyOf(all).stream().map(keys::format).forEach(text -> {
            all.add(text);
            all.add(text.substring(1));
            all.add("\\" + text);
        });

        assertThat(all.stream().distinct().map(keys::format)).doesNotHaveDuplicates();
        assertThat(all.stream().map(keys::format))
                .allSatisfy(text -> assertThat(RedisKey.bytes("", new Keyspace("books").key(text)))
                        .isNotEmpty());
    }

    @Test
    void aMapIsItsEntriesInAnyOrder() {
        Map<String, String> one = new LinkedHashMap<>();
        one.put("b", "2");
        one.put("a", null);
        Map<String, String> other = new LinkedHashMap<>();
        other.put("a", null);
        other.put("b", "2");

        assertThat(keys.format(one)).isEqualTo("Map[(a,\\N),(b,2)]").isEqualTo(keys.format(other));
        assertThat(keys.format(new SimpleKey(Map.of("a", "1, b=2"), "x")))
                .isEqualTo("(Map[(a,1\\, b=2)],x)")
                .isNotEqualTo(keys.format(new SimpleKey(Map.of("a", "1", "b", "2"), "x")));
        assertThat(keys.format(Map.entry("a", "b"))).isEqualTo("Entry[a,b]");
        assertThat(keys.format("Map[(a,1)]")).isEqualTo("\\Map[(a,1)]");
    }

    @Test
    @SuppressWarnings("JavaUtilDate") // keys of an application may be such
    void aDateIsItsInstant() {
        assertThat(keys.format(new Date(1))).isEqualTo("1970-01-01T00:00:00.001Z");
        assertThat(keys.format(new java.sql.Timestamp(2))).isEqualTo("1970-01-01T00:00:00.002Z");
        assertThat(keys.format(java.sql.Date.valueOf("2026-11-30"))).isEqualTo("2026-11-30");
        Calendar calendar = new GregorianCalendar(TimeZone.getTimeZone("Europe/Berlin"), Locale.ROOT);
        calendar.setTimeInMillis(3);
        assertThat(keys.format(calendar)).isEqualTo("\\1970-01-01T01:00:00.003+01:00[Europe/Berlin]");
    }

    @Test
    void refusesAKeyThatIsDifferentInEveryProcess() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> keys.format(new Object()))
                .withMessageContaining("java.lang.Object has only Object's toString()");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> keys.format(new SimpleKey("a", Set.of(1, 2))))
                .withMessageContaining("has no order");
    }
}
