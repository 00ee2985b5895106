package dev.forge.cli;

import dev.forge.cli.failure.Failure;
import dev.forge.cli.failure.Printable;
import dev.forge.cli.init.InitCommand;
import dev.forge.cli.init.TypedCommand;
import dev.forge.cli.project.Renderer;
import dev.forge.cli.terminal.CliEnvironment;
import dev.forge.cli.terminal.Style;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code forge} command. */
public final class Forge {
    private final CliEnvironment environment;
    private final Style style;
    private final ForgeCommand root = new ForgeCommand();

    private final List<String> arguments;

    private Forge(CliEnvironment environment, List<String> arguments) {
        this.arguments = arguments;
        this.environment = environment;
        this.style = new Style(environment.colour());
    }

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        int exit = run(CliEnvironment.ofThisProcess(), arguments);
        System.out.flush();
        System.exit(exit);
    }

    static int run(CliEnvironment environment, String... arguments) {
        Forge forge = new Forge(environment, List.of(arguments));
        try {
            return forge.commandLine().execute(arguments);
        } catch (Error e) {
            // picocli reports exceptions only; an error, such as a missing class, should look the same to the user.
            return forge.report(e);
        }
    }

    static CommandLine commandLine(CliEnvironment environment) {
        return new Forge(environment, List.of()).commandLine();
    }

    private CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(root)
                .addSubcommand(new InitCommand(environment))
                .addSubcommand(new FeaturesCommand(environment))
                .addSubcommand(new CompletionCommand(environment))
                .addSubcommand(new HelpCommand(environment));
        commandLine.getCommandSpec().version("forge " + Renderer.forgeVersion());
        return commandLine
                .setOut(new PrintWriter(environment.out(), true, Charset.defaultCharset()))
                .setErr(new PrintWriter(environment.err(), true, Charset.defaultCharset()))
                .setColorScheme(Help.defaultColorScheme(environment.colour() ? Help.Ansi.ON : Help.Ansi.OFF))
                .setParameterExceptionHandler((failure, given) -> report(usage(failure)))
                .setExecutionExceptionHandler((failure, command, parsed) -> report(failure));
    }

    private Failure usage(ParameterException failure) {
        String command =
                failure.getCommandLine().getCommandSpec().qualifiedName().replaceFirst("^forge ?", "");
        String help = TypedCommand.help(environment.command(), command);
        String what = String.valueOf(failure.getMessage());
        if (!(failure instanceof UnmatchedArgumentException unmatched)) {
            return Failure.usage(what, help);
        }
        String first = unmatched.getUnmatched().get(0);
        if (command.equals("init") && !first.startsWith("-")) {
            return Failure.usage(
                    "only one NAME is allowed, but there is also " + Printable.value(first),
                    retyped(without(unmatched.getUnmatched())));
        }
        if (command.isEmpty() && !first.startsWith("-")) {
            what = "there is no command " + Printable.value(first);
        }
        Optional<String> nearest = Typo.nearest(first, names(failure.getCommandLine()));
        return nearest.isEmpty()
                ? Failure.usage(what, help)
                : Failure.usage(what + "; the nearest is " + nearest.get(), retyped(replacing(first, nearest.get())));
    }

    /** Every word that {@code command} knows. */
    private static List<String> names(CommandLine command) {
        List<String> names = new ArrayList<>(command.getSubcommands().keySet());
        names.addAll(command.getCommandSpec().optionsMap().keySet());
        names.addAll(command.getCommandSpec().negatedOptionsMap().keySet());
        return names;
    }

    private String retyped(List<String> corrected) {
        return TypedCommand.retyped(environment.command(), corrected);
    }

    /** Without the words before the first unknown option, which the next error is about. */
    private List<String> without(List<String> wrong) {
        List<String> rest = new ArrayList<>(arguments);
        for (String word : wrong) {
            if (word.startsWith("-")) {
                break;
            }
            // From the end: the first NAME is the one that counts.
            rest.remove(rest.lastIndexOf(word));
        }
        return rest;
    }

    private List<String> replacing(String wrong, String right) {
        List<String> corrected = new ArrayList<>(arguments);
        corrected.replaceAll(word -> word.equals(wrong) ? right : word);
        return corrected;
    }

    private Failure defect(Throwable exception) {
        List<String> again = new ArrayList<>(arguments);
        again.remove("--debug");
        again.add(0, "--debug");
        return Failure.failed(
                "this is a defect of forge: " + exception, retyped(again) + " # and report what it prints", exception);
    }

    private int report(Throwable exception) {
        Failure failure = exception instanceof Failure expected ? expected : defect(exception);
        environment.err().println(style.error("forge: " + failure.getMessage()));
        environment.err().println("Type: " + style.command(failure.remedy()));
        if (root.debug) {
            failure.printStackTrace(environment.err());
        }
        return failure.exit().code();
    }
}
