package dev.forge.redis.internal.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Collects the reply to one command from the pieces that {@link ReplyReader} reads, and makes the caller's result.
 *
 * @param <T> what the caller gets
 */
public abstract class Reply<T> {

    private static final ByteBuffer OK =
            ByteBuffer.wrap(RespWriter.argument("OK")).asReadOnlyBuffer();

    private @Nullable String error;
    private @Nullable Throwable failure;

    private Reply() {}

    /** Returns the result for the caller, once the reply is complete; it may also throw why there is none. */
    abstract T result();

    /** Returns why the complete reply has no result, or null if it has one. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** Takes why a string cannot be used, and null in its place: the reply, or an element of its list. */
    void setFailure(Throwable why) {
        setNull();
        failure = why;
    }

    /** Returns an empty reply of the same kind, for sending the same command again. */
    abstract Reply<T> again();

    /** Returns the error with which the server replied, or null. */
    @Nullable
    String error() {
        return error;
    }

    /** Takes an error: the reply, or an element of its list. */
    void setError(String text) {
        if (error == null) {
            error = text;
        }
    }

    // A type that the kind of reply does not expect belongs to another command.

    /** Takes a string, whose bytes are valid only during this call. */
    void set(ByteBuffer bytes) {
        throw new MisplacedReplyException("a string");
    }

    void setNull() {
        throw new MisplacedReplyException("null");
    }

    void set(long integer) {
        throw new MisplacedReplyException("an integer");
    }

    void set(double number) {
        throw new MisplacedReplyException("a number");
    }

    void set(boolean bool) {
        throw new MisplacedReplyException("a boolean");
    }

    /** Takes the start of a list; its elements follow. A map is a list of its keys and values, alternating. */
    void multi(int count) {
        throw new MisplacedReplyException("a list of " + count);
    }

    /** Turns the bytes of a value into what the caller gets; runs on an I/O thread. */
    public interface Decoder<T> {
        /** Makes a value of the bytes, which are valid only during this call. */
        T decode(ByteBuffer bytes);
    }

    /** Returns the bytes in an array of their own: a copy, unless they already fill one, which was read for them. */
    public static byte[] copied(ByteBuffer bytes) {
        if (bytes.hasArray() && bytes.arrayOffset() == 0 && bytes.remaining() == bytes.array().length) {
            return bytes.array();
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return copy;
    }

    /** Decodes the bytes, which must be in an array, as UTF-8. */
    public static String text(ByteBuffer bytes) {
        return new String(
                bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining(), StandardCharsets.UTF_8);
    }

    /** Returns {@code reply} as a list; fails if it is not one. */
    public static List<?> list(@Nullable Object reply) {
        if (reply instanceof List<?> list) {
            return list;
        }
        throw new IllegalStateException("the reply of Redis must be a list, but was not");
    }

    /** One value, or nothing. */
    public static final class Value<T> extends Reply<Optional<T>> {
        private final Decoder<T> decoder;
        private @Nullable T value;

        public Value(Decoder<T> decoder) {
            this.decoder = decoder;
        }

        @Override
        void setNull() {
            // Nothing.
        }

        @Override
        void set(ByteBuffer bytes) {
            try {
                value = decoder.decode(bytes);
            } catch (Throwable e) { // An Error too: throwing it from here would close the connection.
                setFailure(e);
            }
        }

        @Override
        Optional<T> result() {
            return Optional.ofNullable(value);
        }

        @Override
        Reply<Optional<T>> again() {
            return new Value<>(decoder);
        }
    }

    /** Several values, with null for one that is missing. */
    public static final class Values<T> extends Reply<List<@Nullable T>> {
        private final Decoder<T> decoder;
        private final int count;
        private final List<@Nullable T> values;
        private boolean begun;

        /** @param count how many were asked for */
        public Values(Decoder<T> decoder, int count) {
            this.decoder = decoder;
            this.count = count;
            this.values = new ArrayList<>(count);
        }

        @Override
        void multi(int elements) {
            if (begun || elements != count) {
                super.multi(elements);
            }
            begun = true;
        }

        @Override
        void setNull() {
            if (!begun) {
                super.setNull();
            }
            values.add(null);
        }

        @Override
        void set(ByteBuffer bytes) {
            if (!begun) {
                super.set(bytes);
            }
            try {
                values.add(decoder.decode(bytes));
            } catch (Throwable e) { // An Error too: throwing it from here would close the connection.
                setFailure(e);
            }
        }

        @Override
        List<@Nullable T> result() {
            return values;
        }

        @Override
        Reply<List<@Nullable T>> again() {
            return new Values<>(decoder, count);
        }
    }

    /** An integer. */
    public static final class Count extends Reply<Long> {
        private long value;

        @Override
        void set(long integer) {
            value = integer;
        }

        @Override
        Long result() {
            return value;
        }

        @Override
        Reply<Long> again() {
            return new Count();
        }
    }

    /** One expected string: {@code OK} (or null if a condition did not hold), or the argument that was sent. */
    public static final class Done extends Reply<Void> {
        private final ByteBuffer expected;
        private final boolean orNothing;

        public Done() {
            this(OK, true);
        }

        private Done(ByteBuffer expected, boolean orNothing) {
            this.expected = expected;
            this.orNothing = orNothing;
        }

        /** Returns a reply that must repeat {@code expected}. */
        static Done echo(byte[] expected) {
            return new Done(ByteBuffer.wrap(expected), false);
        }

        @Override
        void setNull() {
            if (!orNothing) {
                super.setNull();
            }
        }

        @Override
        void set(ByteBuffer bytes) {
            if (!bytes.equals(expected)) {
                throw new MisplacedReplyException("another string");
            }
        }

        @Override
        @SuppressWarnings("NullAway") // Void has no other value
        Void result() {
            return null;
        }

        @Override
        Reply<Void> again() {
            return new Done(expected, orNothing);
        }
    }

    /** A reply of any shape: null, a {@code Long}, a {@code byte[]}, or a list of these. */
    public static final class Any<T> extends Reply<T> {
        private final Function<@Nullable Object, T> result;
        private final ReplyTree tree = new ReplyTree();

        public Any(Function<@Nullable Object, T> result) {
            this.result = result;
        }

        @Override
        T result() {
            return result.apply(tree.value());
        }

        @Override
        Reply<T> again() {
            return new Any<>(result);
        }

        @Override
        void setNull() {
            tree.add(null);
        }

        @Override
        void setError(String text) {
            super.setError(text);
            tree.add(null);
        }

        @Override
        void set(ByteBuffer bytes) {
            tree.add(copied(bytes));
        }

        @Override
        void set(long integer) {
            tree.add(integer);
        }

        @Override
        void set(double number) {
            tree.add(Double.toString(number).getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        void set(boolean bool) {
            tree.add(bool ? 1L : null);
        }

        @Override
        void multi(int count) {
            tree.begin(count);
        }
    }
}
