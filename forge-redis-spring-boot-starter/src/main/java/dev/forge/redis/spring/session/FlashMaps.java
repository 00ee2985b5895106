package dev.forge.redis.spring.session;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.web.servlet.FlashMap;

/**
 * The flash attributes of Spring MVC, which a redirect leaves for the next request.
 *
 * <p>Each attribute is stored as if it were one of the session, so types that the application registers may be flash
 * attributes too.
 */
final class FlashMaps implements BuiltInTypes {

    /** All redirects that no request has followed yet. */
    record Stored(List<Redirect> redirects) {}

    /** The attributes for the request that follows one redirect, as texts. */
    record Redirect(
            @Nullable String path,
            Map<String, List<String>> parameters,
            long expires,
            Map<String, String> attributes) {}

    @Override
    @SuppressWarnings("rawtypes") // The class of the list that Spring MVC makes.
    public List<SessionAttributeType<?>> types(
            Collection<SessionAttributeType<?>> registered, SessionAttributes attributes) {
        return List.of(SessionAttributeType.<CopyOnWriteArrayList, Stored>json(
                "flash-maps",
                CopyOnWriteArrayList.class,
                Stored.class,
                maps -> stored(maps, attributes),
                stored -> read(stored, attributes)));
    }

    private static Stored stored(List<?> maps, SessionAttributes attributes) {
        return new Stored(maps.stream().map(map -> redirect(map, attributes)).toList());
    }

    private static Redirect redirect(@Nullable Object value, SessionAttributes attributes) {
        if (!(value instanceof FlashMap map)) {
            throw new UnstorableTypeException(value == null ? CopyOnWriteArrayList.class : value.getClass());
        }
        Map<String, String> texts = new HashMap<>();
        map.forEach((name, attribute) -> {
            if (attribute != null) {
                texts.put(name, attributes.write(name, attribute));
            }
        });
        Map<String, List<String>> parameters = new HashMap<>();
        map.getTargetRequestParams().forEach((name, values) -> parameters.put(name, List.copyOf(values)));
        return new Redirect(map.getTargetRequestPath(), parameters, map.getExpirationTime(), texts);
    }

    private static CopyOnWriteArrayList<FlashMap> read(Stored stored, SessionAttributes attributes) {
        return new CopyOnWriteArrayList<>(stored.redirects().stream()
                .map(redirect -> flashMap(redirect, attributes))
                .toList());
    }

    private static FlashMap flashMap(Redirect redirect, SessionAttributes attributes) {
        FlashMap map = new FlashMap();
        redirect.attributes()
                .forEach((name, text) -> attributes.read(name, text).ifPresent(value -> map.put(name, value)));
        redirect.parameters()
                .forEach((name, values) -> values.forEach(value -> map.addTargetRequestParam(name, value)));
        map.setTargetRequestPath(redirect.path());
        map.setExpirationTime(redirect.expires());
        return map;
    }
}
