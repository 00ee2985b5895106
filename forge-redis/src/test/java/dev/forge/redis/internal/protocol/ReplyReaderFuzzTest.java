package dev.forge.redis.internal.protocol;

import static dev.forge.redis.internal.protocol.Replies.inPieces;
import static dev.forge.redis.internal.protocol.Replies.shown;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a server sends: it ends as replies, as no reply or with the bytes, and the same however it is cut.
 *
 * <p>The script {@code fuzz} looks for bytes that break this, guided by the branches that they reach. {@code replies.corpus} has those
 * that it found to reach new ones, in Base64, one in each line.
 */
public class ReplyReaderFuzzTest {

    private static final int BUFFER = 256;

    /** Called by the fuzzer, for which the name is fixed. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        String whole = outcome(bytes, Integer.MAX_VALUE);
        for (int piece : new int[] {1, 7}) {
            String cut = outcome(bytes, piece);
            if (!cut.equals(whole)) {
                throw new AssertionError("in pieces of " + piece + ": " + cut + ", and whole: " + whole);
            }
        }
    }

    static List<byte[]> keepsToItForEachOfTheCorpus() throws IOException {
        try (InputStream corpus = requireNonNull(ReplyReaderFuzzTest.class.getResourceAsStream("replies.corpus"))) {
            return new String(corpus.readAllBytes(), US_ASCII)
                    .lines()
                    .map(Base64.getDecoder()::decode)
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource
    void keepsToItForEachOfTheCorpus(byte[] bytes) {
        assertThatNoException().isThrownBy(() -> fuzzerTestOneInput(bytes));
    }

    /** Returns all replies and pushes as text, and how it ended. */
    private static String outcome(byte[] bytes, int piece) {
        ReplyReader reader = new ReplyReader(inPieces(bytes, piece), BUFFER);
        StringBuilder outcome = new StringBuilder();
        try {
            while (true) {
                outcome.append(next(reader)).append('\n');
            }
        } catch (EOFException e) {
            return outcome.append("the end").toString();
        } catch (MisplacedReplyException | IOException e) {
            return outcome.append(e.getClass().getSimpleName()).toString();
        }
    }

    private static String next(ReplyReader reader) throws IOException {
        if (reader.isPushNext()) {
            return "push " + shown(reader.readPush());
        }
        Reply.Any<String> reply = new Reply.Any<>(Replies::shown);
        reader.read(reply);
        return reply.error() == null ? reply.result() : "error " + reply.error();
    }
}
