package dev.forge.redis.codec;

import com.fasterxml.jackson.annotation.JsonTypeInfo.As;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.jsontype.TypeDeserializer;
import tools.jackson.databind.jsontype.TypeIdResolver;

/** Reads the output of {@link UntypedWriter}: tagged scalars, and lists, maps and scalars without a tag. */
final class UntypedReader extends TypeDeserializer {

    private final JavaType declared;

    UntypedReader(JavaType declared) {
        this.declared = declared;
    }

    @Override
    public @Nullable Object deserializeTypedFromAny(JsonParser json, DeserializationContext context) {
        Object value = read(json, context);
        return value == null || declared.getRawClass().isInstance(value)
                ? value
                : context.reportInputMismatch(declared, "the tag is of another class");
    }

    private static @Nullable Object read(JsonParser json, DeserializationContext context) {
        return switch (json.currentToken()) {
            case START_OBJECT -> {
                json.nextToken();
                yield object(json, context);
            }
            case PROPERTY_NAME, END_OBJECT -> object(json, context);
            case START_ARRAY -> list(json, context);
            case VALUE_STRING -> json.getString();
            case VALUE_NUMBER_INT -> json.getNumberValue();
            case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> context.handleUnexpectedToken(Object.class, json);
        };
    }

    private static @Nullable Object object(JsonParser json, DeserializationContext context) {
        if (json.currentToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            Class<?> scalar = ScalarTags.classOf(name);
            if (scalar != null || name.equals(ScalarTags.MAP)) {
                json.nextToken();
                Object value = scalar == null ? plainMap(json, context) : context.readValue(json, scalar);
                return json.nextToken() == JsonToken.END_OBJECT
                        ? value
                        : context.reportInputMismatch(Object.class, "a tag must be the only property of its object");
            }
        }
        return map(json, context);
    }

    private static Map<String, @Nullable Object> plainMap(JsonParser json, DeserializationContext context) {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            context.reportInputMismatch(Object.class, "the value of a map tag must be an object");
        }
        json.nextToken();
        return map(json, context);
    }

    private static Map<String, @Nullable Object> map(JsonParser json, DeserializationContext context) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (json.currentToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            json.nextToken();
            map.put(name, read(json, context));
            json.nextToken();
        }
        return map;
    }

    private static List<@Nullable Object> list(JsonParser json, DeserializationContext context) {
        List<@Nullable Object> list = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            list.add(read(json, context));
        }
        return list;
    }

    @Override
    public @Nullable Object deserializeTypedFromObject(JsonParser json, DeserializationContext context) {
        return deserializeTypedFromAny(json, context);
    }

    @Override
    public @Nullable Object deserializeTypedFromArray(JsonParser json, DeserializationContext context) {
        return deserializeTypedFromAny(json, context);
    }

    @Override
    public @Nullable Object deserializeTypedFromScalar(JsonParser json, DeserializationContext context) {
        return deserializeTypedFromAny(json, context);
    }

    @Override
    public TypeDeserializer forProperty(@Nullable BeanProperty property) {
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

    @Override
    public @Nullable Class<?> getDefaultImpl() {
        return null;
    }
}
