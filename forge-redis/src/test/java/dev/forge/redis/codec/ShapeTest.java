package dev.forge.redis.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.ser.std.StdSerializer;

/** A fingerprint identifies the form of the JSON of a type, as its mapper writes and reads it. */
class ShapeTest {

    record User(String name, int age) {}

    record Person(String name, int age) {}

    record Point(int x, int y) {}

    private static int of(Class<?> type) {
        return JsonCodec.of(type).fingerprint();
    }

    private static int of(Class<?> type, JsonMapper mapper) {
        return JsonCodec.of(type, mapper).fingerprint();
    }

    static final class Bean {
        private String name = "";
        private int age;

        public String getName() {
            return name;
        }

        public void setName(String name) {
            this.name = name;
        }

        public int getAge() {
            return age;
        }

        public void setAge(int age) {
            this.age = age;
        }
    }

    @Test
    void dependsNeitherOnTheClassNameNorOnItsConstruction() {
        assertThat(of(User.class)).isEqualTo(of(Person.class)).isEqualTo(of(Bean.class));
    }

    @Test
    void isTheSameEachTime() {
        assertThat(of(Everything.class)).isEqualTo(of(Everything.class));
    }

    @Test
    void treatsAPackageThatOnlyStartsLikeTheJdkAsApplication() {
        assertThat(of(javaxx.app.Point.class)).isEqualTo(of(Point.class));
    }

    @Test
    void dependsOnTheNamesOfJdkClasses() {
        record Seen(Instant at) {}
        record Born(LocalDate at) {}

        assertThat(of(Seen.class)).isNotEqualTo(of(Born.class));
    }

    record Renamed(@JsonProperty("fullName") String name, int age) {}

    record Added(String name, int age, String mail) {}

    record OtherType(String name, long age) {}

    record OtherFormat(
            String name,
            @JsonFormat(shape = JsonFormat.Shape.STRING) int age) {}

    record OtherWriter(
            @JsonSerialize(using = Backwards.class) String name, int age) {}

    record Holder(User user) {}

    record Less(@JsonIgnoreProperties("age") User user) {}

    record Split(@JsonUnwrapped Name name, int age) {}

    record Name(String first, String last) {}

    static final class Backwards extends StdSerializer<String> {
        Backwards() {
            super(String.class);
        }

        @Override
        public void serialize(String value, JsonGenerator json, SerializationContext context) {
            json.writeString(new StringBuilder(value).reverse().toString());
        }
    }

    static final class OtherGetter {
        public String name = "";

        @JsonProperty("years")
        public int getAge() {
            return 1;
        }
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                Renamed.class,
                Added.class,
                OtherType.class,
                OtherFormat.class,
                OtherWriter.class,
                Split.class,
                OtherGetter.class
            })
    void changesWithTheJson(Class<?> changed) {
        assertThat(of(changed)).isNotEqualTo(of(User.class)).isNotEqualTo(of(Holder.class));
    }

    @Test
    void changesWithWhatAPropertyExcludesOfItsType() {
        assertThat(of(Less.class)).isNotEqualTo(of(Holder.class));
    }

    enum Color {
        RED,
        GREEN
    }

    enum Hue {
        RED,
        GREEN
    }

    enum Renaming {
        RED,
        @JsonProperty("lime")
        GREEN
    }

    enum Valued {
        RED(7),
        GREEN(8);

        private final int number;

        Valued(int number) {
            this.number = number;
        }

        @JsonValue
        int number() {
            return number;
        }
    }

    record Of<T>(T value) {}

    @Test
    void changesWithTheNamesOfConstantsAsTheyAreWritten() {
        assertThat(of(Color.class)).isEqualTo(of(Hue.class));
        assertThat(List.of(of(Color.class), of(Renaming.class), of(Valued.class)))
                .doesNotHaveDuplicates();
    }

    @Test
    void changesWithTypeParameters() {
        List<JsonCodec<?>> codecs = List.of(
                JsonCodec.of(new TypeRef<List<User>>() {}),
                JsonCodec.of(new TypeRef<List<Color>>() {}),
                JsonCodec.of(new TypeRef<Optional<User>>() {}),
                JsonCodec.of(new TypeRef<Map<String, User>>() {}),
                JsonCodec.of(new TypeRef<Map<Long, User>>() {}),
                JsonCodec.of(new TypeRef<Map<Color, User>>() {}),
                JsonCodec.of(new TypeRef<User[]>() {}),
                JsonCodec.of(new TypeRef<Of<User>>() {}),
                JsonCodec.of(new TypeRef<Of<List<User>>>() {}));

        assertThat(codecs.stream().map(JsonCodec::fingerprint)).doesNotHaveDuplicates();
        assertThat(JsonCodec.of(new TypeRef<List<Person>>() {}).fingerprint())
                .isEqualTo(codecs.get(0).fingerprint());
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    sealed interface Animal {
        @JsonTypeName("cat")
        record Cat(int lives) implements Animal {}

        @JsonTypeName("dog")
        record Dog(String name) implements Animal {}
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Pet.Tom.class, name = "cat"),
        @JsonSubTypes.Type(value = Pet.Pluto.class, name = "dog")
    })
    interface Pet {
        record Tom(int lives) implements Pet {}

        record Pluto(String name) implements Pet {}
    }

    /** Such a class inherits the list of its interface, with its siblings. */
    @Test
    void readsOneOfTheClassesThatAnInterfaceLists() {
        record Household(Pet.Tom tom) {}
        JsonCodec<Pet.Tom> pets = JsonCodec.of(Pet.Tom.class);
        JsonCodec<Household> households = JsonCodec.of(Household.class);

        assertThat(pets.decode(pets.encode(new Pet.Tom(9)))).isEqualTo(new Pet.Tom(9));
        assertThat(households.decode(households.encode(new Household(new Pet.Tom(9)))))
                .isEqualTo(new Household(new Pet.Tom(9)));
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    sealed interface Fewer {
        @JsonTypeName("cat")
        record Cat(int lives) implements Fewer {}
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    sealed interface OtherId {
        @JsonTypeName("tom")
        record Cat(int lives) implements OtherId {}

        @JsonTypeName("dog")
        record Dog(String name) implements OtherId {}
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    sealed interface OtherPart {
        @JsonTypeName("cat")
        record Cat(long lives) implements OtherPart {}

        @JsonTypeName("dog")
        record Dog(String name) implements OtherPart {}
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    sealed interface OtherProperty {
        @JsonTypeName("cat")
        record Cat(int lives) implements OtherProperty {}

        @JsonTypeName("dog")
        record Dog(String name) implements OtherProperty {}
    }

    record Owner(
            @JsonTypeInfo(use = JsonTypeInfo.Id.NAME) @JsonSubTypes(@JsonSubTypes.Type(value = User.class, name = "u"))
            Object pet,

            @JsonTypeInfo(use = JsonTypeInfo.Id.NAME) @JsonSubTypes(@JsonSubTypes.Type(value = User.class, name = "u"))
            List<Object> pets) {}

    record OtherOwner(
            @JsonTypeInfo(use = JsonTypeInfo.Id.NAME) @JsonSubTypes(@JsonSubTypes.Type(value = User.class, name = "u"))
            Object pet,

            @JsonTypeInfo(use = JsonTypeInfo.Id.NAME) @JsonSubTypes(@JsonSubTypes.Type(value = User.class, name = "v"))
            List<Object> pets) {}

    @Test
    void changesWithSubtypesAndTheirIds() {
        assertThat(of(Animal.class)).isEqualTo(of(Pet.class));
        assertThat(Stream.of(
                                Animal.class,
                                Fewer.class,
                                OtherId.class,
                                OtherPart.class,
                                OtherProperty.class,
                                Owner.class,
                                OtherOwner.class)
                        .map(ShapeTest::of))
                .doesNotHaveDuplicates();
    }

    @Test
    void changesWithTheMapper() {
        JsonMapper jackson = JsonMapper.builder().build();
        JsonMapper snake = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .build();
        JsonMapper numbers =
                JsonMapper.builder().enable(EnumFeature.WRITE_ENUMS_USING_INDEX).build();
        record Both(String firstName, Color color) {}

        assertThat(List.of(of(Both.class, jackson), of(Both.class, snake), of(Both.class, numbers)))
                .doesNotHaveDuplicates();
        assertThat(of(Both.class, JsonMapper.builder().build())).isEqualTo(of(Both.class, jackson));
    }

    @Test
    void changesWithAFeatureOfTheMapperThatOnlyShowsInValues() {
        record Seen(Instant at) {}
        JsonMapper numbers = JsonMapper.builder()
                .enable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
                .build();

        assertThat(of(Seen.class, numbers))
                .isNotEqualTo(of(Seen.class, JsonMapper.builder().build()));
    }

    record Tree(String name, @Nullable Tree parent, List<Tree> children, Map<String, Tree> byName) {}

    record Leaf(String name, @Nullable Leaf parent, List<Leaf> children, Map<String, Leaf> byName) {}

    record Growing<T>(T value, @Nullable Growing<List<T>> next) {}

    @Test
    void endsForRecursiveTypes() {
        assertThat(of(Tree.class)).isEqualTo(of(Leaf.class));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonCodec.of(new TypeRef<Growing<String>>() {}))
                .withMessageContaining("Growing")
                .withMessageContaining("ever longer parameters");
    }

    @JsonIgnoreProperties("age")
    record Everything(User user, List<Owner> owners, Animal animal, Color color, Tree tree, Object any, int age) {}

    @Test
    void isNeverZero() {
        assertThat(new Shape("", true, false, List.of()).fingerprint()).isNotZero();
    }
}
