package dev.forge.redis.spring.session;

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
                new SessionAttributeType<>("java-time-zone", zone, LocaleAttributes::id, LocaleAttributes::zone));
    }

    private static String tag(Locale locale) {
        String tag = locale.toLanguageTag();
        if (!Locale.forLanguageTag(tag).equals(locale)) {
            throw new IllegalArgumentException("the locale " + locale + " has no language tag");
        }
        return tag;
    }

    private static String id(TimeZone zone) {
        String id = zone.getID();
        if (!zone.equals(TimeZone.getTimeZone(id))) {
            throw new IllegalArgumentException(
                    "the time zone " + id + " differs from the one that the JDK has under this id");
        }
        return id;
    }

    private static TimeZone zone(String id) {
        // ZoneId.of does not know the ids of three letters, such as PST.
        TimeZone zone = TimeZone.getTimeZone(id);
        if (!zone.getID().equals(id)) {
            throw new IllegalArgumentException("the JDK knows no time zone " + id);
        }
        return zone;
    }
}
