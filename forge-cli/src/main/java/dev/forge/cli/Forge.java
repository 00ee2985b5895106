package dev.forge.cli;

import dev.forge.cli.failure.Failure;
import dev.forge.cli.init.InitCommand;
import dev.forge.cli.project.Renderer;
import dev.forge.cli.terminal.CliEnvironment;
import dev.forge.cli.terminal.Style;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code forge} command. */
public final class Forge {
    private final CliEnvironment environment;
    private final Style style;
    private final ForgeCommand root = new ForgeCommand();

    private Forge(CliEnvironment environment) {
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
        Forge forge = new Forge(environment);
        try {
            return forge.commandLine().execute(arguments);
        } catch (Error e) {
            // picocli reports exceptions only; an error, such as a missing class, should look the same to the user.
            return forge.report(e);
        }
    }

    static CommandLine commandLine(CliEnvironment environment) {
        return new Forge(environment).commandLine();
    }

    private CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(root)
                .addSubcommand(new InitCommand(environment))
                .addSubcommand(new FeaturesCommand(environment))
                .addSubcommand(new CompletionCommand(environment));
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
                failure.getCommandLine().getCommandSpec().qualifiedName().replaceFirst("^forge", "");
        String help = environment.command() + command + " --help";
        String what = String.valueOf(failure.getMessage());
        if (failure instanceof UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty()) {
            what += "; the nearest is " + unmatched.getSuggestions().get(0);
        }
        return Failure.usage(what, help);
    }

    private int report(Throwable exception) {
        Failure failure = exception instanceof Failure expected
                ? expected
                : Failure.failed(
                        "this is a defect of forge: " + exception,
                        environment.command() + " --debug ... # the same command, and report what it prints",
                        exception);
        environment.err().println(style.error("forge: " + failure.getMessage()));
        environment.err().println("Type: " + style.command(failure.remedy()));
        if (root.debug) {
            failure.printStackTrace(environment.err());
        }
        return failure.exit().code();
    }
}
