package dev.forge.redis.codec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.deser.AbstractDeserializer;
import tools.jackson.databind.deser.ValueInstantiator;
import tools.jackson.databind.deser.bean.BeanDeserializerBase;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.ser.bean.BeanSerializerBase;

/**
 * Finds the {@link Shape} of a type from the serializers and deserializers of its mapper.
 *
 * <p>So renames, naming strategies, getters, modules and mix-ins count just as they do in the JSON.
 *
 * <p>Class names of the application do not count, so that a class may be renamed or moved. Those of the JDK do, because
 * each has its own form in JSON. A serializer or deserializer that is not part of Jackson is opaque: its class name
 * counts.
 */
final class ShapeWalk {

    private static final Set<Class<?>> AS_GOOD_AS_FINAL = Set.of(BigDecimal.class, BigInteger.class, ZoneId.class);

    // Null comes back as an empty optional, a language without a code as none, and a pattern without its flags.
    private static final Set<Class<?>> SOME_CHANGE =
            Set.of(OptionalInt.class, OptionalLong.class, OptionalDouble.class, Locale.class, Pattern.class);

    private final JsonMapper mapper;
    private final SerializationContext writing;
    private final DeserializationContext reading;
    private final StringBuilder text = new StringBuilder();
    private final List<String> unreadable = new ArrayList<>();

    // A recursive type is named by the index at which it was first seen.
    private final Map<JavaType, Integer> seen = new HashMap<>();

    private boolean fixed = true;
    private boolean omits;

    private ShapeWalk(JsonMapper mapper) {
        this.mapper = mapper;
        this.writing = mapper._serializationContext();
        this.reading = mapper._deserializationContext();
    }

    /**
     * Returns the shape of {@code type} as {@code mapper} writes and reads it.
     *
     * @throws IllegalArgumentException if values of the type would be read as different values, or the mapper
     *     cannot handle it
     */
    static Shape of(JsonMapper mapper, JavaType type) {
        ShapeWalk walk = new ShapeWalk(mapper);
        try {
            walk.add(type);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    type.toCanonical() + " must be a type that Jackson writes and reads: " + e.getOriginalMessage());
        } catch (StackOverflowError e) {
            // class Node<T> { Node<List<T>> next; }
            throw new IllegalArgumentException(type.toCanonical()
                    + " must consist of finitely many types, but contains itself with ever longer parameters");
        }
        walk.text.append(MapperRules.of(mapper));
        return new Shape(walk.text.toString(), walk.fixed, walk.omits, walk.unreadable);
    }

    /** Returns whether {@code type} belongs to the JDK, by its class loader and not by its name. */
    @SuppressWarnings("ReferenceEquality") // that same loader
    static boolean isJdk(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader == null || loader == ClassLoader.getPlatformClassLoader();
    }

    /** Returns {@code type} without the handlers of a serializer or deserializer, so that the other can use it too. */
    static JavaType bare(JavaType type) {
        JavaType own = type.withTypeHandler(null).withValueHandler(null);
        JavaType content = own.getContentType();
        return content == null ? own : own.withContentType(bare(content));
    }

    private void add(JavaType type) {
        TypeSerializer ids = writing.findTypeSerializer(type);
        if (UntypedValues.areOf(type)) {
            fixed = false;
            text.append(type.getRawClass().getName()).append(ids instanceof UntypedWriter ? "@" : "");
        } else if (ids != null) {
            Subtypes subtypes = new Subtypes(
                    ids,
                    mapper.serializationConfig()
                            .getSubtypeResolver()
                            .collectAndResolveSubtypesByClass(
                                    mapper.serializationConfig(), writing.introspectClassAnnotations(type)));
            addChoice(type, subtypes);
        } else {
            addBody(type);
        }
    }

    private void addChoice(JavaType type, Subtypes subtypes) {
        fixed = false;
        TypeSerializer ids = subtypes.ids();
        text.append(ids.getTypeInclusion())
                .append(' ')
                .append(ids.getPropertyName())
                .append('(');
        subtypes.of(type, writing).forEach((id, subtype) -> {
            text.append(id).append('=');
            addBody(writing.constructSpecializedType(type, subtype));
            text.append(';');
        });
        text.append(')');
    }

    private void addBody(JavaType type) {
        Class<?> raw = type.getRawClass();
        if (type.isPrimitive()) {
            text.append(raw.getName());
            return;
        }
        ValueSerializer<?> writer = writing.findContentValueSerializer(type, null);
        ValueDeserializer<?> reader = reading.findContextualValueDeserializer(type, null);
        addIfOpaque(writer);
        addIfOpaque(reader);
        if (type.isContainerType() || type.isReferenceType()) {
            addContainer(type);
        } else if (raw.isEnum()) {
            addConstants(type);
        } else if (isJdk(raw) || isOfJackson(raw)) {
            fixed &= (type.isFinal() && !SOME_CHANGE.contains(raw)) || AS_GOOD_AS_FINAL.contains(raw);
            text.append(raw.getName())
                    .append(MapperRules.of(mapper.serializationConfig().getDefaultPropertyFormat(raw)));
            if (reader instanceof AbstractDeserializer) {
                cannotRead(type, "it is abstract. Name a class in its place");
            }
        } else if (!isSeen(type)) {
            addObject(type, writer, reader);
        }
    }

    private void addContainer(JavaType type) {
        Class<?> raw = type.getRawClass();
        boolean byElements =
                type.isMapLikeType() || List.class.isAssignableFrom(raw) || Set.class.isAssignableFrom(raw);
        // By contract, one list, set or map is equal to any other with the same elements. Where an optional is null,
        // an empty one comes back.
        fixed &= type.isArrayType() || (isJdk(raw) && byElements);
        boolean named = isJdk(raw) && !type.isArrayType();
        text.append(named ? raw.getName() : type.getClass().getSimpleName()).append('<');
        JavaType key = type.getKeyType();
        if (key != null) {
            if (isJdk(key.getRawClass()) || key.isEnumType()) {
                addBody(key);
            } else {
                fixed = false;
            }
            text.append(',');
        }
        add(type.getContentType());
        text.append('>');
    }

    private void addConstants(JavaType type) {
        Set<String> distinct = new HashSet<>();
        text.append('(');
        for (Object constant : type.getRawClass().getEnumConstants()) {
            String json = mapper.writeValueAsString(constant);
            fixed &= distinct.add(json);
            // A number does not identify the constant.
            text.append(json.startsWith("\"") ? json : ((Enum<?>) constant).name() + '=' + json)
                    .append(',');
        }
        text.append(')');
    }

    private void addObject(JavaType type, ValueSerializer<?> writer, ValueDeserializer<?> reader) {
        fixed &= type.isRecordType();
        AnnotatedMember value = writing.introspectBeanDescription(type, writing.introspectClassAnnotations(type))
                .findJsonValueAccessor();
        if (writer instanceof BeanSerializerBase bean) {
            addProperties(type, bean, reader);
        } else if (value != null) {
            fixed = false;
            text.append("value ");
            add(value.getType());
        } else {
            fixed = false;
            text.append(writer.getClass().getSimpleName());
        }
        if (reader instanceof BeanDeserializerBase bean) {
            ValueInstantiator maker = bean.getValueInstantiator();
            JavaType delegate = maker.getDelegateType(mapper.deserializationConfig());
            if (delegate != null) {
                fixed = false;
                text.append(" of ");
                add(delegate);
            }
            boolean isObject = writer instanceof BeanSerializerBase && !type.isTypeOrSubTypeOf(Throwable.class);
            boolean takesObjects = maker.canCreateUsingDefault()
                    || maker.canCreateFromObjectWith()
                    || maker.canCreateUsingDelegate()
                    || maker.canCreateUsingArrayDelegate();
            // A constructor for a text or a number reads no object. (Exceptions are made of their message.)
            if (isObject ? !takesObjects : !maker.canInstantiate()) {
                cannotRead(
                        type,
                        "it has no constructor that Jackson can use. Make it a record, or annotate the parameters of a"
                                + " constructor with @JsonProperty, or compile it with -parameters; or cache another"
                                + " class in its place, such as a list in place of a page");
            }
        } else if (reader instanceof AbstractDeserializer) {
            cannotRead(
                    type,
                    "it is abstract. Annotate it with @JsonTypeInfo and, unless it is sealed, @JsonSubTypes, or name a class"
                            + " in its place");
        }
    }

    private void cannotRead(JavaType type, String why) {
        fixed = false;
        unreadable.add(type.toCanonical() + " cannot be made from JSON: " + why);
    }

    private void addProperties(JavaType type, BeanSerializerBase writer, ValueDeserializer<?> reader) {
        WrittenProperties written = new WrittenProperties(mapper, type, writer);
        text.append('{');
        for (WrittenProperties.Property property : written.all()) {
            text.append(property.name()).append(property.details()).append(':');
            addProperty(property);
            text.append(';');
        }
        text.append('}');
        omits |= written.omits();
        fixed &= written.areFixed();
        if (reader instanceof BeanDeserializerBase bean) {
            ReadProperties read = new ReadProperties(mapper, type, bean);
            read.checkAgainst(written);
            fixed &= read.areThoseOf(written);
            read.others(written).forEach((name, other) -> {
                text.append(name).append(':');
                add(other);
                text.append(';');
            });
        } else {
            fixed = false;
            text.append(reader.getClass().getSimpleName());
        }
    }

    private void addProperty(WrittenProperties.Property property) {
        JavaType type = property.type();
        if (!property.hasTypeIds()) {
            add(type);
            return;
        }
        AnnotatedMember member = property.member();
        JavaType base = type.isContainerType() ? type.getContentType() : type;
        TypeSerializer ids = type.isContainerType()
                ? mapper.serializationConfig()
                        .getTypeResolverProvider()
                        .findPropertyContentTypeSerializer(writing, member, type)
                : writing.findPropertyTypeSerializer(type, member);
        if (ids == null) {
            addBody(type);
            return;
        }
        text.append(!type.isContainerType() ? "" : type.getRawClass().getSimpleName());
        addChoice(
                base,
                new Subtypes(
                        ids,
                        mapper.serializationConfig()
                                .getSubtypeResolver()
                                .collectAndResolveSubtypesByClass(mapper.serializationConfig(), member, base)));
    }

    private boolean isSeen(JavaType type) {
        Integer before = seen.putIfAbsent(type, seen.size());
        if (before != null) {
            text.append('#').append(before);
        }
        return before != null;
    }

    private void addIfOpaque(@Nullable Object coder) {
        if (coder != null && !isOfJackson(coder.getClass())) {
            fixed = false;
            text.append('~').append(coder.getClass().getName()).append(' ');
        }
    }

    /** Returns whether {@code type} is part of Jackson itself: neither of the application nor of a module. */
    static boolean isOfJackson(Class<?> type) {
        return type.getName().startsWith("tools.jackson.databind.");
    }
}
