package dev.forge.cli;

import dev.forge.cli.failure.Exit;
import dev.forge.cli.terminal.CliEnvironment;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** Prints the completion script. */
@Command(
        name = "completion",
        description = "Print the completion script for bash and zsh.",
        footer = {"", "Use it with: source <(forge completion)"})
final class CompletionCommand implements Callable<Integer> {
    private final CliEnvironment environment;

    CompletionCommand(CliEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        environment.out().print(AutoComplete.bash("forge", Forge.commandLine(environment)));
        return Exit.DONE.code();
    }
}
