package dev.forge.redis.spring.session;

import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;

/** The language and the time zone that Spring MVC keeps in a session, where its {@code SessionLocaleResolver} is used. */
final class LocaleAttributes implements BuiltInTypes {

    @Override
    @SuppressWarnings("unchecked") // The class of all time zones that the JDK makes by their ids.
    public List<SessionAttributeType<?>> types(
            Collection<SessionAttributeType<?>> registered, SessionAttributes attributes) {
        Class<TimeZone> zone = (Class<TimeZone>) TimeZone.getTimeZone("UTC").getClass();
        return List.of(
                new SessionAttributeType<>("java-locale", Locale.class, LocaleAttributes::tag, Locale::forLanguageTag),
                new SessionAttributeType<>(
                        "java-time-zone", zone, TimeZone::getID, id -> TimeZone.getTimeZone(ZoneId.of(id))));
    }

    private static String tag(Locale locale) {
        String tag = locale.toLanguageTag();
        if (!Locale.forLanguageTag(tag).equals(locale)) {
            throw new IllegalArgumentException("the locale " + locale + " has no language tag");
        }
        return tag;
    }
}
