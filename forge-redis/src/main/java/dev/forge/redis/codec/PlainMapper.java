package dev.forge.redis.codec;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The mapper of codecs that were given none: Jackson's defaults, less what changes a value on its way.
 *
 * <p>Times keep their offset and their zone, scalars of undeclared type keep their class, and text is as long as it is. Each codec
 * has a mapper of its own, because a mapper keeps the types that it has seen.
 */
final class PlainMapper {

    // A cached value was as large in memory before: what bounds it is the largest value of the cache. Long numbers are
    // another
    // matter, because reading them takes the square of their length.
    private static final StreamReadConstraints CONSTRAINTS = StreamReadConstraints.builder()
            .maxStringLength(Integer.MAX_VALUE)
            .maxNameLength(Integer.MAX_VALUE)
            .maxNumberLength(100_000)
            .build();

    private PlainMapper() {}

    /** Returns a mapper that has not seen any type. */
    static JsonMapper create() {
        JsonFactory factory =
                JsonFactory.builder().streamReadConstraints(CONSTRAINTS).build();
        return JsonMapper.builder(factory)
                .disable(
                        DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE,
                        DateTimeFeature.WRITE_DATES_WITH_CONTEXT_TIME_ZONE)
                .enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
                .setDefaultTyping(new UntypedValues())
                .build();
    }
}
