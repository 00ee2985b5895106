package dev.forge.redis.codec;

import com.fasterxml.jackson.annotation.JsonTypeInfo.As;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonToken;
import tools.jackson.core.type.WritableTypeId;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.jsontype.TypeIdResolver;
import tools.jackson.databind.jsontype.TypeSerializer;

/** Writes the tag of a scalar before it, if it needs one: see {@link ScalarTags}. */
final class UntypedWriter extends TypeSerializer {

    @Override
    public WritableTypeId writeTypePrefix(JsonGenerator json, SerializationContext context, WritableTypeId id) {
        String tag = ScalarTags.tagOf(id.forValue);
        if (tag != null) {
            json.writeStartObject();
            json.writeName(tag);
            id.wrapperWritten = true;
        }
        if (id.valueShape == JsonToken.START_OBJECT) {
            json.writeStartObject(id.forValue);
        } else if (id.valueShape == JsonToken.START_ARRAY) {
            json.writeStartArray(id.forValue);
        }
        return id;
    }

    @Override
    public WritableTypeId writeTypeSuffix(JsonGenerator json, SerializationContext context, WritableTypeId id) {
        if (id.valueShape == JsonToken.START_OBJECT) {
            json.writeEndObject();
        } else if (id.valueShape == JsonToken.START_ARRAY) {
            json.writeEndArray();
        }
        if (id.wrapperWritten) {
            json.writeEndObject();
        }
        return id;
    }

    @Override
    public WritableTypeId typeId(Object value, JsonToken shape) {
        return new WritableTypeId(value, shape);
    }

    @Override
    public TypeSerializer forProperty(SerializationContext context, @Nullable BeanProperty property) {
        return this;
    }

    @Override
    public As getTypeInclusion() {
        return As.WRAPPER_OBJECT;
    }

    @Override
    public @Nullable String getPropertyName() {
        return null;
    }

    @Override
    public @Nullable TypeIdResolver getTypeIdResolver() {
        return null;
    }
}
