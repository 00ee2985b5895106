package dev.forge.redis.codec;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.text.SimpleDateFormat;
import java.util.StringJoiner;
import java.util.stream.Stream;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DatatypeFeature;
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
        Stream.of(SerializationFeature.values())
                .filter(feature -> mapper.isEnabled(feature) != feature.enabledByDefault())
                .forEach(feature -> rules.add(feature.name()));
        Stream.of(DeserializationFeature.values())
                .filter(feature -> mapper.isEnabled(feature) != feature.enabledByDefault())
                .forEach(feature -> rules.add(feature.name()));
        Stream.of(MapperFeature.values())
                .filter(feature -> mapper.isEnabled(feature) != feature.enabledByDefault())
                .forEach(feature -> rules.add(feature.name()));
        addAll(rules, mapper, DateTimeFeature.values());
        addAll(rules, mapper, EnumFeature.values());
        addAll(rules, mapper, JsonNodeFeature.values());
        var format = mapper.serializationConfig().getDateFormat();
        if (format.getClass() != StdDateFormat.class) {
            rules.add(format.getClass().getName());
            rules.add(format instanceof SimpleDateFormat simple ? simple.toPattern() : "");
        }
        return rules.toString();
    }

    private static <F extends Enum<F> & DatatypeFeature> void addAll(
            StringJoiner rules, JsonMapper mapper, F[] features) {
        Stream.of(features)
                .filter(feature -> mapper.isEnabled(feature) != feature.enabledByDefault())
                .forEach(feature -> rules.add(feature.name()));
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
