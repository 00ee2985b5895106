package dev.forge.redis.codec;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * The mapper of codecs that were given none: the defaults of Jackson, without those that change values.
 *
 * <p>Times keep their offset and zone, sets their order, scalars of undeclared type their class, and text has no limit of length.
 * Each codec has its own mapper, because a mapper retains the types that it has seen.
 */
final class PlainMapper {

    // A cached value was in memory in full before, and a cache limits the size of its values. Long numbers need a
    // limit, because the time to parse one grows with the square of its length.
    private static final StreamReadConstraints CONSTRAINTS = StreamReadConstraints.builder()
            .maxStringLength(Integer.MAX_VALUE)
            .maxNameLength(Integer.MAX_VALUE)
            .maxNumberLength(100_000)
            .build();

    private static final String KOTLIN = "tools.jackson.module.kotlin.KotlinModule";

    private PlainMapper() {}

    /** Returns a new mapper, which has not seen any type; it knows Kotlin if Jackson's module for it is there. */
    static JsonMapper create() {
        JsonFactory factory =
                JsonFactory.builder().streamReadConstraints(CONSTRAINTS).build();
        JsonMapper.Builder builder = JsonMapper.builder(factory)
                .disable(
                        DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE,
                        DateTimeFeature.WRITE_DATES_WITH_CONTEXT_TIME_ZONE)
                .enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
                .setDefaultTyping(new UntypedValues())
                // By default a set is a hash set, which loses its order.
                .addModule(new SimpleModule().addAbstractTypeMapping(Set.class, LinkedHashSet.class));
        kotlin().ifPresent(builder::addModule);
        return builder.build();
    }

    /** Other modules are not looked for: they may change how any type is written. */
    private static Optional<JacksonModule> kotlin() {
        Class<?> module;
        try {
            module = Class.forName(KOTLIN, true, PlainMapper.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError notThere) {
            return Optional.empty();
        }
        try {
            return Optional.of((JacksonModule) module.getConstructor().newInstance());
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new IllegalStateException("this version of jackson-module-kotlin cannot be used: " + e, e);
        }
    }
}
