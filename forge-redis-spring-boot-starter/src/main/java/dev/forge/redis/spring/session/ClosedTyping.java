package dev.forge.redis.spring.session;

import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DatabindContext;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import tools.jackson.databind.jsontype.NamedType;
import tools.jackson.databind.jsontype.PolymorphicTypeValidator;
import tools.jackson.databind.jsontype.TypeIdResolver;
import tools.jackson.databind.jsontype.impl.DefaultTypeResolverBuilder;
import tools.jackson.databind.jsontype.impl.TypeIdResolverBase;

/**
 * Marks each object in JSON with a name from a closed list, and reads no object that is marked with anything else.
 *
 * <p>The JSON holds no class name, and nothing in it is ever looked up as one: a name is a key of a map, or unknown. A
 * value is written only if its class is exactly one of the list, so no subclass comes back as its parent. Lists, sets and
 * maps of any class come back as those of the JDK that keep their order.
 */
final class ClosedTyping extends DefaultTypeResolverBuilder {

    private static final long serialVersionUID = 1;

    /** The property of the name. No property of a class has it, and no claim should. */
    private static final String PROPERTY = "@";

    private final transient Map<String, Class<?>> byName;
    private final transient Map<Class<?>, String> byClass;

    ClosedTyping(Map<String, Class<?>> types) {
        super(
                BasicPolymorphicTypeValidator.builder().build(),
                DefaultTyping.NON_FINAL,
                JsonTypeInfo.As.PROPERTY,
                JsonTypeInfo.Id.CUSTOM,
                PROPERTY);
        this.byName = Map.copyOf(types);
        this.byClass = types.entrySet().stream().collect(toMap(Map.Entry::getValue, Map.Entry::getKey));
    }

    @Override
    protected TypeIdResolver idResolver(
            DatabindContext context,
            JavaType base,
            PolymorphicTypeValidator validator,
            Collection<NamedType> subtypes,
            boolean forWriting,
            boolean forReading) {
        return new Names(base);
    }

    private String name(Object value) {
        if (value instanceof Map) {
            return "map";
        }
        if (value instanceof List) {
            return "list";
        }
        if (value instanceof Set) {
            return "set";
        }
        String name = byClass.get(value.getClass());
        if (name == null) {
            throw new UnstorableTypeException(value.getClass());
        }
        return name;
    }

    /** The names of the values that may stand where {@code base} is declared. */
    private final class Names extends TypeIdResolverBase {

        private static final long serialVersionUID = 1;

        private final JavaType base;

        Names(JavaType base) {
            this.base = base;
        }

        @Override
        public String idFromValue(DatabindContext context, Object value) {
            return name(value);
        }

        @Override
        public String idFromValueAndType(DatabindContext context, @Nullable Object value, Class<?> type) {
            if (value == null) {
                throw new UnstorableTypeException(type);
            }
            return name(value);
        }

        @Override
        public @Nullable JavaType typeFromId(DatabindContext context, String id) {
            Class<?> type = byName.get(id);
            return type == null || !base.isTypeOrSuperTypeOf(type)
                    ? null
                    : context.constructSpecializedType(base, type);
        }

        @Override
        public JsonTypeInfo.Id getMechanism() {
            return JsonTypeInfo.Id.CUSTOM;
        }
    }
}
