package dev.forge.benchmarks.peer.profile;

import dev.forge.benchmarks.peer.LettuceClient;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** Lettuce and Jackson, by hand. */
final class LettuceProfiles implements ProfilePeer {
    private final LettuceClient client;
    private final RedisCommands<String, byte[]> commands;
    private final ObjectReader reader;
    private final ObjectWriter writer;

    LettuceProfiles(int port) {
        client = new LettuceClient(port);
        commands = client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE))
                .sync();
        JsonMapper mapper = JsonMapper.builder().build();
        reader = mapper.readerFor(Profile.class);
        writer = mapper.writerFor(Profile.class);
    }

    @Override
    public Profile get(String id) {
        byte[] json = commands.get("lettuce-profile:" + id);
        if (json != null) {
            return reader.readValue(json);
        }
        Profile loaded = Profile.of(Long.parseLong(id));
        commands.set("lettuce-profile:" + id, writer.writeValueAsBytes(loaded), SetArgs.Builder.px(TTL.toMillis()));
        return loaded;
    }

    @Override
    public void close() {
        client.close();
    }
}
