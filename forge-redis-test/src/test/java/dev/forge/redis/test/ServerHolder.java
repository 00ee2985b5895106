package dev.forge.redis.test;

import dev.forge.redis.test.server.ServerBinary;
import java.io.IOException;

/** The main class of a JVM that starts servers and does not remove them itself. */
public final class ServerHolder {
    private static final int CHURNING_THREADS = 4;

    private ServerHolder() {}

    /**
     * With {@code hold}, starts a server, prints {@code binary|version|pid|directory}, and ends with its
     * standard input; {@code freeze} is the same for a frozen server. With {@code churn}, several threads start and
     * close servers without end, and it prints a line when they begin. With {@code groups}, prints a line, starts a
     * primary under sentinels and a cluster, prints another line, and ends with its standard input.
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments[0].equals("churn")) {
            churn();
            return;
        }
        if (arguments[0].equals("groups")) {
            holdGroups();
            return;
        }
        EmbeddedRedis redis = EmbeddedRedis.start();
        if (arguments[0].equals("freeze")) {
            redis.freeze();
        }
        System.out.println(String.join(
                "|",
                ServerBinary.find().path().toString(),
                redis.version(),
                Long.toString(redis.pid()),
                redis.directory().toString()));
        System.in.read();
    }

    private static void holdGroups() throws IOException {
        System.out.println("begun");
        EmbeddedRedisSentinels.start().replicas().get(0).freeze();
        EmbeddedRedisCluster.builder().replicas(0).start();
        System.out.println("started");
        System.in.read();
    }

    private static void churn() {
        EmbeddedRedis.start().close();
        System.out.println("begun");
        for (int count = 0; count < CHURNING_THREADS; count++) {
            new Thread(ServerHolder::startAndCloseForEver).start();
        }
    }

    private static void startAndCloseForEver() {
        while (true) {
            EmbeddedRedis.start().close();
        }
    }
}
