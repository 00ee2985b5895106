package dev.forge.redis.test.server;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * The first start of a server, on the first of its ports that is free. Internal.
 *
 * @param alongside files outside its directory that are removed with it
 */
public record ServerLaunch(List<Directive> options, List<Path> alongside, boolean tls, PortChoice ports) {
    /** Copies the lists. */
    public ServerLaunch {
        options = List.copyOf(options);
        alongside = List.copyOf(alongside);
    }

    /** Returns when the server answers; if it does not start, no process and no file is left. */
    public ServerLife run() {
        ServerBinary binary = ServerBinary.find();
        ServerDirectory directory = ServerDirectory.create(alongside);
        try {
            return runIn(directory, binary);
        } catch (RuntimeException | Error failure) {
            directory.close();
            throw failure;
        }
    }

    private ServerLife runIn(ServerDirectory directory, ServerBinary binary) {
        String adminPassword = UUID.randomUUID().toString();
        for (int attempt = 1; ; attempt++) {
            int port = ports.candidates().getAsInt();
            int plainPort = tls ? PortChoice.anyPortOtherThan(port) : port;
            ServerConfiguration configuration =
                    new ServerConfiguration(binary, port, plainPort, options, adminPassword);
            ServerProcess process = ServerProcess.launch(configuration, directory);
            Readiness readiness = new Readiness(configuration, process);
            if (readiness.await()) {
                return new ServerLife(configuration, directory, process);
            }
            if (!readiness.lostThePort() || attempt == ports.attempts()) {
                throw readiness.failure();
            }
        }
    }
}
