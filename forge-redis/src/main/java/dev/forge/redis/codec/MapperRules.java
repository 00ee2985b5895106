package dev.forge.redis.codec;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.text.SimpleDateFormat;
import java.util.StringJoiner;
import java.util.function.Predicate;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.StdDateFormat;

/** The rules of a mapper that differ from the defaults of Jackson, so that different mappers do not share JSON. */
final class MapperRules {

    private MapperRules() {}

    /** Returns the features of {@code mapper} that differ from the defaults of Jackson, and its date format. */
    static String of(JsonMapper mapper) {
        StringJoiner rules = new StringJoiner(",", "[", "]");
        add(rules, SerializationFeature.values(), mapper::isEnabled, SerializationFeature::enabledByDefault);
        add(rules, DeserializationFeature.values(), mapper::isEnabled, DeserializationFeature::enabledByDefault);
        add(rules, MapperFeature.values(), mapper::isEnabled, MapperFeature::enabledByDefault);
        add(rules, DateTimeFeature.values(), mapper::isEnabled, DateTimeFeature::enabledByDefault);
        add(rules, EnumFeature.values(), mapper::isEnabled, EnumFeature::enabledByDefault);
        add(rules, JsonNodeFeature.values(), mapper::isEnabled, JsonNodeFeature::enabledByDefault);
        var format = mapper.serializationConfig().getDateFormat();
        if (format.getClass() != StdDateFormat.class) {
            rules.add(format.getClass().getName());
            rules.add(format instanceof SimpleDateFormat simple ? simple.toPattern() : "");
        }
        return rules.toString();
    }

    private static <F extends Enum<F>> void add(
            StringJoiner rules, F[] features, Predicate<F> isEnabled, Predicate<F> isByDefault) {
        for (F feature : features) {
            if (isEnabled.test(feature) != isByDefault.test(feature)) {
                rules.add(feature.name());
            }
        }
    }

    /** Returns the settings in {@code format}, or an empty text. */
    static String of(JsonFormat.Value format) {
        if (format.equals(JsonFormat.Value.empty())) {
            return "";
        }
        StringJoiner parts = new StringJoiner(",", "(", ")");
        parts.add(format.getShape().name());
        parts.add(format.hasPattern() ? format.getPattern() : "");
        parts.add(format.hasTimeZone() ? format.getTimeZone().getID() : "");
        return parts.toString();
    }
}
