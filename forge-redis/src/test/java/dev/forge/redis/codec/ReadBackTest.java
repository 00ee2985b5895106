package dev.forge.redis.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What is written is read again, or it is said that it is not. */
class ReadBackTest {

    private static <T> void check(JsonCodec<T> codec, T value) {
        codec.check(value, codec.encode(value));
    }

    @SuppressWarnings("unchecked")
    private static <T> void check(T value) {
        check(JsonCodec.of((Class<T>) value.getClass()), value);
    }

    /** As Kotlin and Lombok make them: the parameter is called isActive, and so is the getter, which means a property active. */
    static final class Account {
        private final boolean isActive;
        private final String name;

        @JsonCreator
        Account(boolean isActive, String name) {
            this.isActive = isActive;
            this.name = name;
        }

        public boolean isActive() {
            return isActive;
        }

        public String getName() {
            return name;
        }
    }

    static final class NamedAccount {
        private final boolean isActive;

        @JsonCreator
        NamedAccount(@JsonProperty("isActive") boolean isActive) {
            this.isActive = isActive;
        }

        @JsonProperty("isActive")
        public boolean isActive() {
            return isActive;
        }
    }

    record AliasedAccount(
            @JsonProperty("active") @JsonAlias("isActive") boolean isActive) {}

    record Secret(
            String name,

            @JsonProperty(access = JsonProperty.Access.WRITE_ONLY)
            String password) {}

    @ParameterizedTest
    @ValueSource(classes = {Account.class, Secret.class})
    void refusesATypeThatIsMadeFromWhatIsNeverWritten(Class<?> type) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonCodec.of(type))
                .withMessageContaining(type.getName())
                .withMessageMatching(".*\"(isActive|password)\" is read by its constructor and never written.*")
                .withMessageContaining("@JsonProperty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonCodec.of(type, JsonMapper.builder().build()));
    }

    @Test
    void saysWhatToDo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonCodec.of(Account.class))
                .withMessage(
                        "dev.forge.redis.codec.ReadBackTest$Account must write every property that it is made from, but"
                                + " \"isActive\" is read by its constructor and never written (written are: active, name). Annotate the"
                                + " parameter and its getter with the same @JsonProperty(\"isActive\")");
    }

    @Test
    void refusesItWithinAnotherTypeToo() {
        record Team(List<Account> accounts) {}

        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonCodec.of(Team.class))
                .withMessageContaining("Account");
    }

    @Test
    void takesATypeWhosePropertiesAreNamedAlike() {
        check(new NamedAccount(true));
        check(new AliasedAccount(true));
        check(new Parts(new Part("a", 1), 2));
    }

    record Part(String name, int number) {}

    record Parts(@JsonUnwrapped Part part, int count) {}

    record Profile(long id, @Nullable String name, boolean active) {}

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":\"Ada\",\"active\":true}",
                "{\"id\":1,\"active\":true}",
                "{\"id\":1,\"name\":\"Ada\"}",
                "{\"id\":null,\"name\":\"Ada\",\"active\":true}"
            })
    void refusesJsonInWhichSomethingIsMissing(String json) {
        JsonCodec<Profile> codec = JsonCodec.of(Profile.class);

        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> codec.decode(json.getBytes(UTF_8)));
    }

    @Test
    void readsNullWhereNullWasWritten() {
        JsonCodec<Profile> codec = JsonCodec.of(Profile.class);
        Profile nameless = new Profile(1, null, true);

        assertThat(codec.decode(codec.encode(nameless))).isEqualTo(nameless);
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Brief(long id, @Nullable String name) {}

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Terse(long id, List<String> names) {}

    @Test
    void readsNullWhereNullIsLeftOut() {
        JsonCodec<Brief> codec = JsonCodec.of(Brief.class);

        assertThat(codec.decode(codec.encode(new Brief(1, null)))).isEqualTo(new Brief(1, null));
        assertThat(codec.checksEachValue()).isTrue();
    }

    @Test
    void findsWhatIsLeftOutAndDoesNotComeBack() {
        check(new Terse(1, List.of("a")));

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> check(new Terse(1, List.of())))
                .withMessageContaining("names: ");
    }

    @Test
    void readsWhatIsMissingAsNothingIfAskedTo() {
        JsonCodec<Profile> codec = JsonCodec.of(Profile.class).acceptingMissing();

        assertThat(codec.decode("{\"id\":1}".getBytes(UTF_8))).isEqualTo(new Profile(1, null, false));
    }

    /** Immutable, and compiled without the names of its parameters. */
    static final class Unnamed {
        private final String name;

        Unnamed(String name, int unused) {
            this.name = name + unused;
        }

        public String getName() {
            return name;
        }
    }

    interface Projection {
        String getName();
    }

    @Test
    void saysWhyATypeCannotBeRead() {
        JsonCodec<Projection> projections = JsonCodec.of(Projection.class);
        record Lost(Unnamed unnamed) {}

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> check(projections, () -> "secret"))
                .withMessageContaining("Projection cannot be made from JSON: it is abstract")
                .withMessageNotContaining("secret");
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> check(new Lost(new Unnamed("secret", 1))))
                .withMessageContaining("Unnamed cannot be made from JSON: it has no constructor")
                .withMessageNotContaining("secret");
    }

    /** A list with a getter alone, as wsdl2java and JAXB make them. */
    static final class FinalList {
        private final List<String> items = new ArrayList<>();

        public List<String> getItems() {
            return items;
        }
    }

    static class Entity {
        public long id;
        private String name = "";

        public void rename(String changed) {
            name = changed;
        }

        public boolean isNamed() {
            return !name.isEmpty();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Entity entity && entity.id == id;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(id);
        }
    }

    static final class Admin extends Entity {
        public String role = "root";
    }

    /** State that neither a property nor an equals shows. */
    static class Hidden {
        public int shown = 1;
        private int hidden;

        void hide(int value) {
            hidden = value;
        }

        @Override
        public String toString() {
            return shown + " " + hidden;
        }
    }

    static final class Discreet {
        public int shown = 1;

        @JsonIgnore
        private int hidden = 2;

        @JsonIgnore
        public int getHidden() {
            return hidden;
        }

        void hide(int value) {
            hidden = value;
        }
    }

    @Test
    void findsPartsThatAreWrittenAndNotRead() {
        FinalList list = new FinalList();
        check(list);
        list.getItems().add("secret");

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> check(list))
                .withMessageContaining("FinalList does not come back from JSON as it was: items: 1 elements are 0")
                .withMessageNotContaining("secret");
    }

    @Test
    void doesNotTrustAnEqualsThatLooksAtAnIdAlone() {
        Entity entity = new Entity();
        entity.rename("changed");

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> check(entity))
                .withMessageContaining("named");
    }

    @Test
    void findsASubclassThatComesBackAsItsParent() {
        record Login(Entity user) {}

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> check(new Login(new Admin())))
                .withMessageContaining("user");
    }

    @Test
    void findsStateThatNoPropertyShows() {
        Hidden hidden = new Hidden();
        check(hidden);
        hidden.hide(2);

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> check(hidden))
                .withMessageContaining("hidden: ");
    }

    @Test
    void leavesOutWhatAnAnnotationLeavesOut() {
        Discreet discreet = new Discreet();
        discreet.hide(3);

        assertThatCode(() -> check(discreet)).doesNotThrowAnyException();
    }

    @SuppressWarnings("ArrayRecordComponent") // that is what has to be told the same
    record Bytes(byte[] content, int[][] grid) {}

    record Node(String name, List<Node> children) {}

    static final class Unequal {
        public String name = "";

        static Unequal of(String name) {
            Unequal made = new Unequal();
            made.name = name;
            return made;
        }
    }

    record Ticket(@JsonValue String code) {
        @JsonCreator
        Ticket {}
    }

    @Test
    void takesWhatIsTheSameThoughNotEqual() {
        record Bag(Set<Unequal> set, Map<String, Unequal> map, Collection<String> all) {}

        check(new Bytes(new byte[] {1, -1}, new int[][] {{1}, {}}));
        check(new Node("a", List.of(new Node("b", List.of()))));
        check(new Bag(
                new HashSet<>(IntStream.range(0, 50)
                        .mapToObj(i -> Unequal.of("n" + i))
                        .toList()),
                Map.of("a", Unequal.of("x")),
                new ArrayList<>()));
        check(new Ticket("t"));
        check(JsonCodec.of(new TypeRef<Set<String>>() {}), new TreeSet<>(Set.of("b", "a")));
    }

    @Test
    void findsACollectionOfAnotherKind() {
        record Bag(Collection<String> all) {}

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> check(new Bag(Set.of("a"))))
                .withMessageContaining("all: ");
    }

    @Test
    @SuppressWarnings("JavaUtilDate") // rows of a database hold them
    void findsATimeOfAnotherClass() {
        record Row(Date at) {}

        check(new Row(new Date(1)));
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> check(new Row(new java.sql.Timestamp(1))))
                .withMessageContaining("a java.sql.Timestamp is there again as a java.util.Date");
    }

    record Closed(String name, List<Part> parts, Map<Long, int[]> numbers) {}

    @Test
    void checksEachValueOnlyWhereItDependsOnTheValue() {
        record Open(Closed closed, Entity entity) {}

        assertThat(JsonCodec.of(Closed.class).checksEachValue()).isFalse();
        assertThat(JsonCodec.of(String.class).checksEachValue()).isFalse();
        assertThat(JsonCodec.of(Open.class).checksEachValue()).isTrue();
        assertThat(JsonCodec.of(Unequal.class).checksEachValue()).isTrue();
        assertThat(JsonCodec.of(Object.class).checksEachValue()).isTrue();
        assertThat(JsonCodec.of(Map.class).checksEachValue()).isTrue();
        assertThat(JsonCodec.of(Closed.class, JsonMapper.builder().build()).checksEachValue())
                .isTrue();
    }
}
