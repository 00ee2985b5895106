package dev.forge.redis.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TypeRefTest {

    @Test
    void knowsItsParameters() {
        assertThat(new TypeRef<Map<String, List<Integer>>>() {})
                .hasToString("java.util.Map<java.lang.String, java.util.List<java.lang.Integer>>");
    }

    @Test
    @SuppressWarnings("rawtypes")
    void refusesAMissingTypeArgument() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TypeRef() {})
                .withMessageContaining("must name its type");
    }

    @Test
    void refusesAVariable() {
        assertThatIllegalArgumentException()
                .isThrownBy(TypeRefTest::<String>ofVariable)
                .withMessageContaining("java.util.List<T>");
    }

    @Test
    void refersToATypeThatIsKnownAtRunTime() throws Exception {
        assertThat(TypeRef.of(Names.class.getMethod("all").getGenericReturnType()))
                .hasToString("java.util.List<java.lang.String>");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TypeRef.of(List.class.getMethod("iterator").getGenericReturnType()))
                .withMessageContaining("java.util.Iterator<E>");
    }

    public interface Names {
        List<String> all();
    }

    private static <T> TypeRef<List<T>> ofVariable() {
        return new TypeRef<>() {};
    }
}
