package dev.forge.redis.internal.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Random replies of a server, in bytes and as {@link Reply.Any} returns them. */
final class RandomReplies {

    private static final int DEEPEST = 5;
    private static final int LONGEST_LIST = 5;

    private final Random random;
    private final int longestString;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    RandomReplies(long seed, int longestString) {
        this.random = new Random(seed);
        this.longestString = longestString;
    }

    /** Adds a reply to {@link #bytes}; returns what it means. */
    @Nullable
    Object add() {
        return add(0);
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    void clear() {
        bytes.reset();
    }

    private @Nullable Object add(int depth) {
        return switch (random.nextInt(depth < DEEPEST ? 9 : 6)) {
            case 0 -> {
                byte[] line = string(random.nextInt(20), true);
                write("+", line, "\r\n");
                yield line;
            }
            case 1 -> {
                long number = random.nextLong() >> random.nextInt(64);
                line(":" + number);
                yield number;
            }
            case 2 -> {
                line("_");
                yield null;
            }
            case 3 -> {
                boolean flag = random.nextBoolean();
                line(flag ? "#t" : "#f");
                Object meaning = flag ? (Object) 1L : null;
                yield meaning;
            }
            case 4 -> {
                double value = random.nextInt(1_000) / 8.0;
                line("," + value);
                yield Double.toString(value).getBytes(UTF_8);
            }
            case 5 -> {
                byte[] string = string(random.nextInt(longestString + 1), false);
                line("$" + string.length);
                write("", string, "\r\n");
                yield string;
            }
            case 6 -> list('*', random.nextInt(LONGEST_LIST + 1), 1, depth);
            case 7 -> list('~', random.nextInt(LONGEST_LIST + 1), 1, depth);
            default -> list('%', random.nextInt(LONGEST_LIST + 1), 2, depth);
        };
    }

    private List<@Nullable Object> list(char kind, int count, int each, int depth) {
        line(String.valueOf(kind) + count);
        List<@Nullable Object> all = new ArrayList<>();
        for (int i = 0; i < count * each; i++) {
            all.add(add(depth + 1));
        }
        return all;
    }

    private byte[] string(int length, boolean isLine) {
        byte[] string = new byte[length];
        random.nextBytes(string);
        for (int i = 0; isLine && i < length; i++) {
            if (string[i] == '\r' || string[i] == '\n') {
                string[i] = '.';
            }
        }
        return string;
    }

    private void line(String text) {
        write(text, new byte[0], "\r\n");
    }

    private void write(String before, byte[] middle, String after) {
        bytes.writeBytes(before.getBytes(UTF_8));
        bytes.writeBytes(middle);
        bytes.writeBytes(after.getBytes(UTF_8));
    }
}
