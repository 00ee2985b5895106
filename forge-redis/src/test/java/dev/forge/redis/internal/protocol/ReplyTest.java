package dev.forge.redis.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReplyTest {

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void rejectsAReplyToAnotherCommand(String what, Reply<?> reply, Consumer<Reply<?>> answer) {
        assertThatThrownBy(() -> answer.accept(reply)).isInstanceOf(MisplacedReplyException.class);
    }

    static Stream<Arguments> rejectsAReplyToAnotherCommand() {
        Consumer<Reply<?>> integer = reply -> reply.set(1);
        Consumer<Reply<?>> string = reply -> reply.set(bytes("word"));
        Consumer<Reply<?>> list = reply -> reply.multi(1);
        return Stream.of(
                arguments("an integer for a value", value(), integer),
                arguments("a list for a value", value(), list),
                arguments("an integer for values", values(2), integer),
                arguments("a value for values", values(1), string),
                arguments("another number of values", values(2), list),
                arguments("a value for a count", new Reply.Count(), string),
                arguments("a list for a count", new Reply.Count(), list),
                arguments("a value for OK", new Reply.Done(), string),
                arguments("an integer for OK", new Reply.Done(), integer),
                arguments("a list for OK", new Reply.Done(), list),
                arguments("another string", echo(), string),
                arguments("null for a string", echo(), (Consumer<Reply<?>>) ReplyTest::nothing),
                arguments("a number for a value", value(), (Consumer<Reply<?>>) reply -> reply.set(1.5)),
                arguments("a boolean for a value", value(), (Consumer<Reply<?>>) reply -> reply.set(true)));
    }

    @Test
    void acceptsAReplyThatFits() {
        Reply.Values<String> values = values(2);
        values.multi(2);
        values.set(bytes("a"));
        nothing(values);
        Reply.Done done = new Reply.Done();
        done.set(bytes("OK"));
        nothing(done);
        echo().set(bytes("17"));

        assertThat(values.result()).isEqualTo(Arrays.asList("a", null));
        assertThat(Arrays.asList(done.error(), values.error())).containsOnlyNulls();
    }

    private static void nothing(Reply<?> reply) {
        reply.setNull();
    }

    private static Reply.Value<String> value() {
        return new Reply.Value<>(Reply::text);
    }

    private static Reply.Values<String> values(int count) {
        return new Reply.Values<>(Reply::text, count);
    }

    private static Reply.Done echo() {
        return Reply.Done.echo(RespWriter.argument(17));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(RespWriter.argument(text));
    }
}
