package dev.forge.redis.spring.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.session.SessionSettings;
import dev.forge.redis.session.SessionStore;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.spring.connection.ForgeRedisAutoConfiguration;
import dev.forge.redis.spring.session.ForgeSessionAutoConfiguration;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/** Compares what editors are told of each {@code forge.*} property with the class that it is bound to. */
class MetadataTest {

    /** For all others there is a type that an editor can check. */
    private static final Set<String> TEXT = Set.of(
            "forge.cache.defaults.server",
            "forge.rate-limit.server",
            "forge.redis.connection-url",
            "forge.redis.key-prefix",
            "forge.redis.password",
            "forge.redis.password-file",
            "forge.redis.ssl-bundle",
            "forge.redis.tls-ca-file",
            "forge.redis.tls-cert-file",
            "forge.redis.tls-key-file",
            "forge.redis.tls-key-password",
            "forge.redis.username",
            "forge.session.name",
            "forge.session.server");

    private static Collection<Map<?, ?>> properties() throws IOException {
        // Others, such as management.endpoint.forge.access, are Spring's.
        return SpringPageTest.entries("properties", ForgeRedisAutoConfiguration.class).stream()
                .filter(property -> String.valueOf(property.get("name")).startsWith("forge."))
                .toList();
    }

    @Test
    void everyPropertyHasTheTypeAndTheDefaultOfItsClass() throws Exception {
        Collection<Map<?, ?>> properties = properties();

        assertThat(properties).hasSizeGreaterThan(30);
        for (Map<?, ?> property : properties) {
            String name = String.valueOf(property.get("name"));
            RecordComponent component = component(property);
            assertThat(property.get("type")).as(name).isEqualTo(text(component.getGenericType()));
            DefaultValue ofClass = parameterDefault(component);
            if (ofClass != null && ofClass.value().length == 1) {
                assertThat(String.valueOf(property.get("defaultValue")))
                        .as(name)
                        .isEqualTo(ofClass.value()[0]);
            }
        }
    }

    @Test
    void everyComponentOfTheClassesIsAPropertyForEditors() throws Exception {
        Set<String> known = properties().stream()
                .map(property -> property.get("sourceType") + " " + property.get("name"))
                .collect(Collectors.toSet());

        for (String source : sources()) {
            for (RecordComponent component : Class.forName(source).getRecordComponents()) {
                boolean isGroup = component.getType().isRecord();
                assertThat(known.stream()
                                .anyMatch(each -> each.startsWith(source + " ")
                                        && each.endsWith("." + kebab(component.getName()))))
                        .as("%s of %s", component.getName(), source)
                        .isEqualTo(!isGroup);
            }
        }
    }

    @Test
    void onlyWhatHasNoTypeIsText() throws IOException {
        assertThat(properties().stream()
                        .filter(property -> String.class.getName().equals(property.get("type")))
                        .map(property -> String.valueOf(property.get("name"))))
                .containsExactlyInAnyOrderElementsOf(TEXT);
    }

    @Test
    void theDefaultsAreThoseThatAnApplicationHasWithoutProperties() throws IOException {
        Function<ApplicationContext, RedisSettings> redis = context -> context.getBean(RedisSettings.class);
        Function<ApplicationContext, SessionSettings> sessions =
                context -> context.getBean(SessionStore.class).settings();

        RedisSettings redisAsTold = with("forge.redis.", redis);
        SessionSettings sessionsAsTold = with("forge.session.", sessions);

        assertThat(redisAsTold).isEqualTo(read(redis));
        assertThat(sessionsAsTold).isEqualTo(read(sessions));
    }

    /** Without its unit, Spring Boot takes a number for milliseconds; the variables of the library are in seconds. */
    @Test
    void aDurationWithoutAUnitIsInSeconds() throws Exception {
        Set<String> durations = new TreeSet<>();
        for (Class<?> type : bound()) {
            for (RecordComponent component : type.getRecordComponents()) {
                if (component.getType() == Duration.class) {
                    String name = kebab(component.getName());
                    Object properties = new Binder(new MapConfigurationPropertySource(Map.of("any." + name, "90")))
                            .bind("any", type)
                            .get();
                    component.getAccessor().setAccessible(true);
                    assertThat(component.getAccessor().invoke(properties))
                            .as("%s of %s", name, type)
                            .isEqualTo(Duration.ofSeconds(90));
                    durations.add(name);
                }
            }
        }

        assertThat(durations).hasSizeGreaterThan(9).contains("ttl", "idle-timeout", "period", "socket-timeout");
    }

    @Test
    void saysOfEachDurationThatANumberIsInSeconds() throws IOException {
        assertThat(properties())
                .filteredOn(property -> Duration.class.getName().equals(property.get("type")))
                .hasSizeGreaterThan(7)
                .allSatisfy(property ->
                        assertThat(String.valueOf(property.get("description"))).contains(": seconds, or with a unit"));
    }

    /** Returns the classes that properties are bound to: those of the metadata, and those of the values in their maps. */
    private static Set<Class<?>> bound() throws Exception {
        Set<Class<?>> all = new LinkedHashSet<>();
        Deque<Class<?>> left = new ArrayDeque<>();
        for (String source : sources()) {
            left.add(Class.forName(source));
        }
        while (!left.isEmpty()) {
            Class<?> type = left.remove();
            if (type.isRecord() && all.add(type)) {
                for (RecordComponent component : type.getRecordComponents()) {
                    ResolvableType of = ResolvableType.forType(component.getGenericType());
                    left.add(of.resolve(Object.class));
                    Stream.of(of.resolveGenerics(Object.class)).forEach(left::add);
                }
            }
        }
        return all;
    }

    private static <T> T with(String prefix, Function<ApplicationContext, T> read) throws IOException {
        String[] all = properties().stream()
                .filter(property -> String.valueOf(property.get("name")).startsWith(prefix))
                .filter(property -> property.get("defaultValue") != null)
                .map(property -> property.get("name") + "=" + property.get("defaultValue"))
                .toArray(String[]::new);
        assertThat(all).hasSizeGreaterThan(3);
        return read(read, all);
    }

    private static <T> T read(Function<ApplicationContext, T> read, String... properties) {
        Object[] result = new Object[1];
        new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(ForgeRedisAutoConfiguration.class, ForgeSessionAutoConfiguration.class))
                .withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .withPropertyValues(properties)
                .run(context -> result[0] = read.apply(context));
        @SuppressWarnings("unchecked") // what read has returned
        T value = (T) Objects.requireNonNull(result[0]);
        return value;
    }

    private static Set<String> sources() throws IOException {
        return properties().stream()
                .map(property -> String.valueOf(property.get("sourceType")))
                .collect(Collectors.toSet());
    }

    private static RecordComponent component(Map<?, ?> property) throws ClassNotFoundException {
        String name = String.valueOf(property.get("name"));
        String last = name.substring(name.lastIndexOf('.') + 1);
        Class<?> source = Class.forName(String.valueOf(property.get("sourceType")));
        return Stream.of(source.getRecordComponents())
                .filter(component -> kebab(component.getName()).equals(last))
                .findFirst()
                .orElseThrow(() -> new AssertionError(source + " has no " + last));
    }

    private static @Nullable DefaultValue parameterDefault(RecordComponent component) {
        List<String> names = Stream.of(component.getDeclaringRecord().getRecordComponents())
                .map(RecordComponent::getName)
                .toList();
        return component
                .getDeclaringRecord()
                .getDeclaredConstructors()[0]
                .getParameters()[names.indexOf(component.getName())]
                .getAnnotation(DefaultValue.class);
    }

    private static String text(Type type) {
        if (type instanceof Class<?> one) {
            return ClassUtils.resolvePrimitiveIfNecessary(one).getName();
        }
        return type.getTypeName().replace(", ", ",");
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
