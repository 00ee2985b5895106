package dev.forge.redis.codec;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyName;
import tools.jackson.databind.deser.SettableBeanProperty;
import tools.jackson.databind.deser.bean.BeanDeserializerBase;
import tools.jackson.databind.json.JsonMapper;

/** The properties of an object that its deserializer reads. */
final class ReadProperties {

    private final Map<String, SettableBeanProperty> all = new LinkedHashMap<>();
    private final List<SettableBeanProperty> ofCreator = new ArrayList<>();
    private final DeserializationConfig config;
    private final JavaType owner;

    ReadProperties(JsonMapper mapper, JavaType owner, BeanDeserializerBase reader) {
        this.config = mapper.deserializationConfig();
        this.owner = owner;
        for (Iterator<SettableBeanProperty> each = reader.properties(); each.hasNext(); ) {
            add(each.next());
        }
        for (Iterator<SettableBeanProperty> each = reader.creatorProperties(); each.hasNext(); ) {
            SettableBeanProperty property = each.next();
            add(property);
            ofCreator.add(property);
        }
    }

    private void add(SettableBeanProperty property) {
        if (!property.isInjectionOnly() && !isAnySetter(property)) {
            all.put(property.getName(), property);
        }
    }

    private static boolean isAnySetter(SettableBeanProperty property) {
        return property.getMember() != null && property.getMember().hasAnnotation(JsonAnySetter.class);
    }

    /**
     * Checks that each parameter of the constructor is also written; otherwise a value would be read with false, 0 or
     * null in its place.
     *
     * @throws IllegalArgumentException if one is never written
     */
    void checkAgainst(WrittenProperties written) {
        if (!written.areNamed()) {
            return;
        }
        for (SettableBeanProperty property : ofCreator) {
            if (all.containsKey(property.getName())
                    && property.getInjectableValueId() == null
                    && !isWritten(property, written)) {
                String names = written.all().stream()
                        .map(WrittenProperties.Property::name)
                        .collect(Collectors.joining(", "));
                throw new IllegalArgumentException(owner.toCanonical()
                        + " must write every property that it is made from, but \""
                        + property.getName() + "\" is read by its constructor and never written (written are: " + names
                        + "). Annotate the parameter and its getter with the same @JsonProperty(\"" + property.getName()
                        + "\")");
            }
        }
    }

    private boolean isWritten(SettableBeanProperty property, WrittenProperties written) {
        if (written.has(property.getName())) {
            return true;
        }
        if (config.isEnabled(MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES)) {
            return written.all().stream().anyMatch(each -> each.name().equalsIgnoreCase(property.getName()));
        }
        List<PropertyName> aliases = property.getMember() == null
                ? null
                : config.getAnnotationIntrospector().findPropertyAliases(config, property.getMember());
        return aliases != null && aliases.stream().anyMatch(alias -> written.has(alias.getSimpleName()));
    }

    /** Returns whether exactly the written properties are read, by deserializers of Jackson. */
    boolean areThoseOf(WrittenProperties written) {
        return all.size() == written.all().size()
                && written.all().stream().allMatch(each -> all.containsKey(each.name()))
                && all.values().stream().noneMatch(ReadProperties::isOpaque);
    }

    /**
     * Returns, by name, the types of properties that are not written, are written as another type, or are read by
     * custom code.
     */
    Map<String, JavaType> others(WrittenProperties written) {
        Map<String, JavaType> others = new TreeMap<>();
        all.forEach((name, property) -> {
            JavaType type = ShapeWalk.bare(property.getType());
            WrittenProperties.Property same = written.named(name);
            if (same == null || !same.type().equals(type)) {
                others.put(name, type);
            }
            if (isOpaque(property)) {
                others.put(
                        name + '~' + property.getValueDeserializer().getClass().getName(), type);
            }
        });
        return others;
    }

    private static boolean isOpaque(SettableBeanProperty property) {
        return property.hasValueDeserializer()
                && !ShapeWalk.isOfJackson(property.getValueDeserializer().getClass());
    }
}
