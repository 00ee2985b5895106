package dev.forge.benchmarks.peer.profile;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.benchmarks.peer.JedisClients;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.params.SetParams;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** Jedis and Jackson, by hand. */
final class JedisProfiles implements ProfilePeer {
    private final RedisClient jedis;
    private final ObjectReader reader;
    private final ObjectWriter writer;

    JedisProfiles(int port, int callers) {
        jedis = JedisClients.open(port, callers);
        JsonMapper mapper = JsonMapper.builder().build();
        reader = mapper.readerFor(Profile.class);
        writer = mapper.writerFor(Profile.class);
    }

    @Override
    public Profile get(String id) {
        byte[] key = ("jedis-profile:" + id).getBytes(UTF_8);
        byte[] json = jedis.get(key);
        if (json != null) {
            return reader.readValue(json);
        }
        Profile loaded = Profile.of(Long.parseLong(id));
        jedis.set(key, writer.writeValueAsBytes(loaded), SetParams.setParams().px(TTL.toMillis()));
        return loaded;
    }

    @Override
    public void close() {
        jedis.close();
    }
}
