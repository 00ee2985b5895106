package dev.forge.redis;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects a reply of any shape. */
final class ScriptOutput extends CommandOutput<byte[], byte[], ScriptReply> {

    private final Deque<List<@Nullable Object>> open = new ArrayDeque<>();
    private final Deque<Integer> missing = new ArrayDeque<>();
    private @Nullable Object value;

    ScriptOutput() {
        super(ByteArrayCodec.INSTANCE, new ScriptReply(null));
    }

    @Override
    public ScriptReply get() {
        return new ScriptReply(value);
    }

    @Override
    @SuppressWarnings("NullAway") // the client passes null for nil, although its signature does not say so
    public void set(ByteBuffer bytes) {
        add(bytes == null ? null : codec.decodeValue(bytes));
    }

    @Override
    public void set(long integer) {
        add(integer);
    }

    @Override
    public void set(boolean bool) {
        add(bool ? 1L : null);
    }

    @Override
    public void multi(int count) {
        List<@Nullable Object> list = new ArrayList<>(Math.max(count, 0));
        if (count <= 0) {
            add(list);
            return;
        }
        open.push(list);
        missing.push(count);
    }

    private void add(@Nullable Object element) {
        List<@Nullable Object> list = open.peek();
        if (list == null) {
            value = element;
            return;
        }
        list.add(element);
        int left = missing.pop() - 1;
        if (left > 0) {
            missing.push(left);
            return;
        }
        open.pop();
        add(list);
    }
}
