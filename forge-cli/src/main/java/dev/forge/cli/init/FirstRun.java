package dev.forge.cli.init;

import dev.forge.cli.failure.Failure;
import dev.forge.cli.service.Port;
import dev.forge.cli.service.ServiceRun;
import dev.forge.cli.terminal.CliEnvironment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** {@code forge init --run}: starts the service that was just written, or reports why it cannot. */
record FirstRun(CliEnvironment environment, Path project, Port port) {
    int start() throws IOException {
        ServiceRun service = ServiceRun.of(environment.searchPath(), project, port, environment.colour())
                .orElseThrow(() -> Failure.failed(
                        "mvn is not on the PATH; the project is written",
                        inProject(NextSteps.start(port))
                                + " # with Maven 3.8 or later: https://maven.apache.org/install.html"));
        for (Port needed : List.of(port, port.management())) {
            if (!needed.isFree()) {
                throw inUse(needed);
            }
        }
        String name = String.valueOf(project.getFileName());
        environment.err().println();
        environment.err().println("Building and starting " + name + " with Maven. Ctrl-C stops it.");
        return service.run(environment.out(), environment.err());
    }

    private Failure inUse(Port taken) {
        Port free = new Port(port.nextFree().orElse(port.number()));
        return Failure.failed(
                "port " + taken.number() + " is in use; the project is written",
                inProject(NextSteps.start(free)) + " # or, with init: --port " + free.number());
    }

    private String inProject(String command) {
        return NextSteps.inProject(command, project, environment.directory());
    }
}
