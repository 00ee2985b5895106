package dev.forge.cli;

import dev.forge.cli.failure.Exit;
import dev.forge.cli.failure.Failure;
import dev.forge.cli.failure.Printable;
import dev.forge.cli.init.TypedCommand;
import dev.forge.cli.terminal.CliEnvironment;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code forge help init} is {@code forge init --help}. */
@Command(name = "help", description = "Show the help of forge or of a command.")
final class HelpCommand implements Callable<Integer> {
    private final CliEnvironment environment;

    @Parameters(arity = "0..1", paramLabel = "COMMAND", description = "The command to explain (default: forge itself).")
    String command = "";

    HelpCommand(CliEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        CommandLine forge = Forge.commandLine(environment);
        CommandLine explained =
                command.isEmpty() ? forge : forge.getSubcommands().get(command);
        if (explained == null) {
            throw Failure.usage(
                    "COMMAND must be one of "
                            + String.join(", ", forge.getSubcommands().keySet()) + ", but was "
                            + Printable.value(command),
                    TypedCommand.retyped(environment.command(), List.of("help")));
        }
        explained.usage(explained.getOut());
        return Exit.DONE.code();
    }
}
