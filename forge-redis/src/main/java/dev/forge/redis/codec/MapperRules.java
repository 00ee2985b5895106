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

/** What the rules of a mapper are where they are not those of Jackson, so that two mappers do not read each other's JSON. */
final class MapperRules {

    private MapperRules() {}

    /** Returns the names of the features that {@code mapper} has set otherwise than Jackson does, and its format of dates. */
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

    /** Returns what {@code format} asks for, or nothing. */
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
