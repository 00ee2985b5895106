package dev.forge.redis.spring.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.ZoneId;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocaleAttributesTest {

    private final SessionAttributes attributes = new SessionAttributes(List.of(), List.of(new LocaleAttributes()));

    @Test
    void keepsEveryTimeZoneOfTheJdk() {
        String[] ids = TimeZone.getAvailableIDs();

        assertThat(ids).hasSizeGreaterThan(500).contains("PST", "EST", "IST");
        assertThat(ids).allSatisfy(this::isKept);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GMT+5:30", "GMT-03:00", "GMT"})
    void keepsAnOffsetFromGreenwich(String id) {
        isKept(id);
    }

    @Test
    void keepsATimeZoneThatIsMadeOfAZoneId() {
        TimeZone zone = TimeZone.getTimeZone(ZoneId.of("+05:30"));

        assertThat(attributes.read("zone", attributes.write("zone", zone))).contains(zone);
    }

    private void isKept(String id) {
        TimeZone zone = TimeZone.getTimeZone(id);

        assertThat(attributes.read("zone", attributes.write("zone", zone))).contains(zone);
    }

    @Test
    void refusesATimeZoneThatItsIdDoesNotSay() {
        TimeZone unknown = TimeZone.getTimeZone("Europe/Berlin");
        unknown.setID("Atlantis");
        TimeZone shifted = TimeZone.getTimeZone("UTC");
        shifted.setRawOffset(1000);

        for (TimeZone zone : List.of(unknown, shifted)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> attributes.write("zone", zone))
                    .withMessageContaining("'zone' cannot be stored: the time zone " + zone.getID());
        }
    }

    @Test
    void readsNoOtherTimeZoneForAnIdThatItDoesNotKnow() {
        assertThat(attributes.read("zone", "type:java-time-zone:Atlantis")).isEmpty();
    }
}
