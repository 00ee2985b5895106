package dev.forge.redis.codec;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;

/**
 * A type with type parameters, such as a list of users, for which there is no {@link Class}.
 *
 * <p>Create an anonymous subclass: {@code new TypeRef<List<User>>() {}}.
 *
 * <p>Immutable.
 *
 * @param <T> the type
 */
public abstract class TypeRef<T> {

    private final Type type;

    /**
     * Takes the type from the subclass.
     *
     * @throws IllegalArgumentException if the subclass names none, as in {@code new TypeRef() {}}, or a type variable
     */
    protected TypeRef() {
        if (!(getClass().getGenericSuperclass() instanceof ParameterizedType parent)
                || parent.getRawType() != TypeRef.class) {
            throw new IllegalArgumentException(
                    "a TypeRef must name its type, as in new TypeRef<List<User>>() {}, but was " + getClass());
        }
        this.type = known(parent.getActualTypeArguments()[0]);
    }

    private TypeRef(Type type) {
        this.type = known(type);
    }

    /**
     * Returns a reference to a type that is known only at run time, such as {@link
     * java.lang.reflect.Method#getGenericReturnType()}.
     *
     * @throws IllegalArgumentException if it names a type variable
     */
    public static TypeRef<?> of(Type type) {
        return new TypeRef<>(type) {};
    }

    private static Type known(Type type) {
        if (holdsVariable(type)) {
            throw new IllegalArgumentException("the type of a TypeRef must be known when it is made, but was " + type
                    + ": name a class in place of the type variable");
        }
        return type;
    }

    /** Returns the type. */
    public final Type type() {
        return type;
    }

    private static boolean holdsVariable(Type... types) {
        return Arrays.stream(types).anyMatch(type -> {
            if (type instanceof ParameterizedType parameterized) {
                return holdsVariable(parameterized.getActualTypeArguments());
            }
            if (type instanceof GenericArrayType array) {
                return holdsVariable(array.getGenericComponentType());
            }
            return type instanceof WildcardType wildcard
                    ? holdsVariable(wildcard.getUpperBounds()) || holdsVariable(wildcard.getLowerBounds())
                    : type instanceof TypeVariable<?>;
        });
    }

    @Override
    public final String toString() {
        return type.getTypeName();
    }
}
