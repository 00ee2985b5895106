package dev.forge.redis.codec;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.ser.AnyGetterWriter;
import tools.jackson.databind.ser.BeanPropertyWriter;
import tools.jackson.databind.ser.PropertyWriter;
import tools.jackson.databind.ser.bean.BeanSerializerBase;

/** The properties of an object that its serializer writes. */
final class WrittenProperties {

    /**
     * One written property.
     *
     * @param details the effects of its annotations, as text; empty for most properties
     * @param hasTypeIds whether its own annotations, not those of its type, define the type ids of subtypes
     */
    record Property(
            String name,
            JavaType type,
            String details,
            boolean hasTypeIds,
            @Nullable AnnotatedMember member) {}

    private final List<Property> all = new ArrayList<>();
    private final Set<String> typeIdNames = new HashSet<>();
    private final SerializationConfig config;
    private final JavaType owner;
    private final JsonInclude.Value inclusion;
    private boolean omits;
    private boolean fixed = true;
    private boolean named = true;

    WrittenProperties(JsonMapper mapper, JavaType owner, BeanSerializerBase writer) {
        this.config = mapper.serializationConfig();
        this.owner = owner;
        SerializationContext context = mapper._serializationContext();
        BeanDescription description =
                context.introspectBeanDescription(owner, context.introspectClassAnnotations(owner));
        this.inclusion = description.findPropertyInclusion(config.getDefaultPropertyInclusion(owner.getRawClass()));
        noteIds(context.findTypeSerializer(owner));
        for (Iterator<PropertyWriter> each = writer.properties(); each.hasNext(); ) {
            add(each.next());
        }
        // The mapper chooses the order of the properties, which does not matter when an object is read.
        if (!writer.getClass().getSimpleName().contains("AsArray")) {
            all.sort(Comparator.comparing(Property::name));
        }
    }

    private void add(PropertyWriter writer) {
        if (!(writer instanceof BeanPropertyWriter property)) {
            fixed = false;
            named = false;
            all.add(new Property(writer.getName(), ShapeWalk.bare(writer.getType()), "", false, null));
            return;
        }
        if (property instanceof AnyGetterWriter || property.isUnwrapping()) {
            fixed = false;
            named = false;
        }
        boolean omitted = property.willSuppressNulls() || isOmitted(property);
        omits |= omitted;
        noteIds(property.getTypeSerializer());
        AnnotatedMember member = property.getMember();
        String details = (property.isUnwrapping() ? "*" : "") + (omitted ? "?" : "") + details(property);
        JavaType type = property.getSerializationType();
        fixed &= details.isEmpty();
        all.add(new Property(
                property.getName(),
                ShapeWalk.bare(type == null ? property.getType() : type),
                details,
                hasTypeIds(member),
                member));
    }

    private boolean isOmitted(BeanPropertyWriter property) {
        JsonInclude.Value mine = inclusion.withOverrides(property.findPropertyInclusion(config, owner.getRawClass()));
        return Stream.of(mine.getValueInclusion(), mine.getContentInclusion())
                .anyMatch(rule -> rule != Include.ALWAYS && rule != Include.USE_DEFAULTS);
    }

    private String details(BeanPropertyWriter property) {
        AnnotatedMember member = property.getMember();
        JsonFormat.Value format =
                property.findPropertyFormat(config, property.getType().getRawClass());
        AnnotationIntrospector annotations = config.getAnnotationIntrospector();
        StringBuilder text = new StringBuilder(MapperRules.of(format));
        if (property.hasSerializer()
                && !ShapeWalk.isOfJackson(property.getSerializer().getClass())) {
            text.append('~').append(property.getSerializer().getClass().getName());
        }
        if (member != null) {
            Stream.of(
                            annotations.findSerializer(config, member),
                            annotations.findKeySerializer(config, member),
                            annotations.findContentSerializer(config, member),
                            annotations.findSerializationConverter(config, member),
                            annotations.findSerializationContentConverter(config, member))
                    .forEach(coder -> text.append(nameOf(coder)));
            Set<String> left =
                    annotations.findPropertyIgnoralByName(config, member).getIgnored();
            Set<String> taken =
                    annotations.findPropertyInclusionByName(config, member).getIncluded();
            text.append(left.isEmpty() ? "" : "-" + new TreeSet<>(left));
            text.append(taken == null ? "" : "+" + new TreeSet<>(taken));
        }
        return text.toString();
    }

    private static String nameOf(@Nullable Object coder) {
        if (coder == null) {
            return "";
        }
        return '~' + (coder instanceof Class<?> type ? type : coder.getClass()).getName();
    }

    private boolean hasTypeIds(@Nullable AnnotatedMember member) {
        return member != null && config.getAnnotationIntrospector().findPolymorphicTypeInfo(config, member) != null;
    }

    private void noteIds(@Nullable TypeSerializer ids) {
        if (ids != null && ids.getPropertyName() != null && ids.getTypeInclusion() != JsonTypeInfo.As.WRAPPER_OBJECT) {
            typeIdNames.add(ids.getPropertyName());
        }
    }

    /** Returns the properties, in an order that does not depend on the JVM. */
    List<Property> all() {
        return all;
    }

    /** Returns the property with {@code name}, or null. */
    @Nullable
    Property named(String name) {
        return all.stream().filter(each -> each.name().equals(name)).findFirst().orElse(null);
    }

    /** Returns whether a property or a type id with {@code name} is written. */
    boolean has(String name) {
        return named(name) != null || typeIdNames.contains(name);
    }

    /** Returns whether all names are known, which they are not if entries of a map are written as properties. */
    boolean areNamed() {
        return named;
    }

    /** Returns whether a property may be left out. */
    boolean omits() {
        return omits;
    }

    /** Returns whether each property is always written, in a form that depends on its type alone. */
    boolean areFixed() {
        return fixed && !omits;
    }
}
