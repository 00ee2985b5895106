package dev.forge.cli.init;

import dev.forge.cli.failure.Printable;
import dev.forge.cli.project.Answers;
import dev.forge.cli.project.Feature;
import dev.forge.cli.service.Port;
import dev.forge.cli.service.ServiceRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The commands that the user types next. {@code rendered-projects.sh} runs them unchanged. */
final class NextSteps {
    private NextSteps() {}

    /** One command and its purpose. */
    record Step(String command, String purpose) {}

    static List<Step> of(Answers answers, Path project, Path currentDirectory, Port port) {
        List<Step> steps = new ArrayList<>();
        changeDirectory(project, currentDirectory).ifPresent(command -> steps.add(new Step(command, "")));
        String with = answers.has(Feature.REDIS) ? ", on a Redis of its own" : "";
        steps.add(new Step(start(port), "start it" + with + "; Ctrl-C stops it"));
        String path = answers.has(Feature.REDIS) ? "/cached-data?key=hello" : "/users/1/profile";
        steps.add(new Step("curl '" + address(port) + path + "'", "ask it, from another terminal"));
        steps.add(new Step("mvn compile", "after a change: it is live a few seconds later"));
        if (answers.has(Feature.DOCKER)) {
            steps.add(new Step("POSTGRES_PASSWORD=secret docker compose up --build", "or run all of it in containers"));
        }
        return List.copyOf(steps);
    }

    /** Starts the service on {@code port}. */
    static String start(Port port) {
        String ports = "SERVER_PORT=" + port.number() + " MANAGEMENT_PORT="
                + port.management().number() + " ";
        return (port.equals(Port.DEFAULT) ? "" : ports) + ServiceRun.COMMAND;
    }

    static String address(Port port) {
        return "http://localhost:" + port.number();
    }

    /** {@code command} after the {@code cd} into the project, if it needs one. */
    static String inProject(String command, Path project, Path currentDirectory) {
        return changeDirectory(project, currentDirectory)
                .map(directory -> directory + " && " + command)
                .orElse(command);
    }

    /** The {@code cd} into the project; empty for the current directory. */
    static Optional<String> changeDirectory(Path project, Path currentDirectory) {
        Path relative = currentDirectory.relativize(project);
        if (relative.toString().isEmpty()) {
            return Optional.empty();
        }
        String shown = relative.startsWith("..") ? project.toString() : relative.toString();
        return Optional.of("cd " + Printable.shell(shown));
    }
}
