package dev.forge.cli;

import dev.forge.cli.failure.Exit;
import dev.forge.cli.terminal.CliEnvironment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

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
        CommandLine forge = Forge.commandLine(environment);
        forge.getSubcommands().values().forEach(command -> nameNegations(command.getCommandSpec()));
        environment.out().print(AutoComplete.bash("forge", forge));
        return Exit.DONE.code();
    }

    /** Gives each option that can be negated {@code --no-…} as another name: picocli completes plain names only. */
    private static void nameNegations(CommandSpec command) {
        for (OptionSpec option : List.copyOf(command.options())) {
            if (option.negatable()) {
                List<String> names = new ArrayList<>(List.of(option.names()));
                names.addAll(names.stream()
                        .map(name -> name.replaceFirst("^--", "--no-"))
                        .toList());
                command.remove(option);
                command.addOption(OptionSpec.builder(names.toArray(String[]::new))
                        .type(boolean.class)
                        .arity("0")
                        .description(option.description())
                        .build());
            }
        }
    }
}
