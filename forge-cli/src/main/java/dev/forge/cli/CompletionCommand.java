package dev.forge.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** Prints the completion script. */
@Command(
        name = "completion",
        description = "Print the completion script for bash and zsh.",
        footer = {"", "Use it with: source <(forge completion)"})
final class CompletionCommand implements Callable<Integer> {
    private final CliEnvironment surroundings;

    CompletionCommand(CliEnvironment surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        surroundings.out().print(AutoComplete.bash("forge", Forge.commandLine(surroundings)));
        return Forge.done();
    }
}
