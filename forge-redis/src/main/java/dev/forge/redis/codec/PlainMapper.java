package dev.forge.redis.codec;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The mapper of codecs that were given none: the defaults of Jackson, without those that change values.
 *
 * <p>Times keep their offset and zone, scalars of undeclared type keep their class, and text has no limit of length.
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

    private PlainMapper() {}

    /** Returns a new mapper, which has not seen any type. */
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
