package dev.forge.redis.internal.protocol;

import dev.forge.redis.internal.thread.IoThread;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Collects the reply to one command directly from the receive buffer, and converts it to what the caller gets.
 *
 * @param <T> what the caller gets
 */
public abstract class Reply<T> extends CommandOutput<byte[], byte[], @Nullable Object> {

    private static final ByteBuffer OK =
            ByteBuffer.wrap(RespWriter.argument("OK")).asReadOnlyBuffer();

    private Reply() {
        super(ByteArrayCodec.INSTANCE, null);
    }

    /** Returns the result for the caller, once the reply is complete. */
    abstract T result();

    /** Returns an empty reply of the same kind, for sending the same command again. */
    abstract Reply<T> again();

    // A type that the kind of reply does not expect belongs to another command.

    @Override
    public void set(ByteBuffer bytes) {
        throw new MisplacedReplyException("a string");
    }

    @Override
    public void set(long integer) {
        throw new MisplacedReplyException("an integer");
    }

    @Override
    public void set(double number) {
        throw new MisplacedReplyException("a number");
    }

    @Override
    public void set(boolean bool) {
        throw new MisplacedReplyException("a boolean");
    }

    @Override
    public void multi(int count) {
        throw new MisplacedReplyException("a list of " + count);
    }

    /** Turns the bytes of a value into what the caller gets; runs on an I/O thread. */
    public interface Decoder<T> {
        /** Makes a value of the bytes, which are valid only during this call. */
        T decode(ByteBuffer bytes);
    }

    /** Copies the bytes. */
    public static byte[] copied(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return copy;
    }

    /** Decodes the bytes as UTF-8, without allocating a copy of them. */
    public static String text(ByteBuffer bytes) {
        int length = bytes.remaining();
        byte[] scratch = IoThread.scratch(length);
        bytes.get(scratch, 0, length);
        return new String(scratch, 0, length, StandardCharsets.UTF_8);
    }

    /** One value, or nothing. */
    public static final class Value<T> extends Reply<Optional<T>> {
        private final Decoder<T> decoder;
        private @Nullable T value;
        private @Nullable RuntimeException failure;

        public Value(Decoder<T> decoder) {
            this.decoder = decoder;
        }

        @Override
        @SuppressWarnings("NullAway") // the client passes null for nil, although its signature does not say so
        public void set(ByteBuffer bytes) {
            if (bytes == null) {
                return;
            }
            try {
                value = decoder.decode(bytes);
            } catch (RuntimeException e) {
                // Throwing it from here would close the connection.
                failure = e;
            }
        }

        @Override
        Optional<T> result() {
            if (failure != null) {
                throw failure;
            }
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
        private @Nullable RuntimeException failure;

        /** @param count how many were asked for */
        public Values(Decoder<T> decoder, int count) {
            this.decoder = decoder;
            this.count = count;
            this.values = new ArrayList<>(count);
        }

        @Override
        public void multi(int elements) {
            if (begun || elements != count) {
                super.multi(elements);
            }
            begun = true;
        }

        @Override
        @SuppressWarnings("NullAway") // the client passes null for nil, although its signature does not say so
        public void set(ByteBuffer bytes) {
            if (!begun) {
                super.set(bytes);
            }
            try {
                values.add(bytes == null ? null : decoder.decode(bytes));
            } catch (RuntimeException e) {
                // Throwing it from here would close the connection.
                failure = e;
                values.add(null);
            }
        }

        @Override
        List<@Nullable T> result() {
            if (failure != null) {
                throw failure;
            }
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
        public void set(long integer) {
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
        @SuppressWarnings("NullAway") // the client passes null for nil, although its signature does not say so
        public void set(ByteBuffer bytes) {
            if (bytes == null ? !orNothing : !bytes.equals(expected)) {
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
        private @Nullable Object value;

        // The list that is being filled, how many elements it lacks, and the lists around it, rarely any.
        private @Nullable List<@Nullable Object> list;
        private int missing;
        private @Nullable Deque<Open> around;

        /** A list that waits for one of its elements to be filled. */
        private record Open(List<@Nullable Object> list, int missing) {}

        public Any(Function<@Nullable Object, T> result) {
            this.result = result;
        }

        @Override
        T result() {
            return result.apply(value);
        }

        @Override
        Reply<T> again() {
            return new Any<>(result);
        }

        @Override
        @SuppressWarnings("NullAway") // the client passes null for nil, although its signature does not say so
        public void set(ByteBuffer bytes) {
            add(bytes == null ? null : copied(bytes));
        }

        @Override
        public void set(long integer) {
            add(integer);
        }

        @Override
        public void set(double number) {
            add(Double.toString(number).getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public void set(boolean bool) {
            add(bool ? 1L : null);
        }

        @Override
        public void multi(int count) {
            List<@Nullable Object> next = new ArrayList<>(Math.max(count, 0));
            if (count <= 0) {
                add(next);
                return;
            }
            if (list != null) {
                if (around == null) {
                    around = new ArrayDeque<>(2);
                }
                around.push(new Open(list, missing));
            }
            list = next;
            missing = count;
        }

        private void add(@Nullable Object element) {
            List<@Nullable Object> filling = list;
            if (filling == null) {
                value = element;
                return;
            }
            filling.add(element);
            missing--;
            if (missing > 0) {
                return;
            }
            Open outer = around == null ? null : around.poll();
            list = outer == null ? null : outer.list();
            missing = outer == null ? 0 : outer.missing();
            add(filling);
        }
    }
}
