package dev.forge.cli.init;

import dev.forge.cli.disk.Change;
import dev.forge.cli.disk.PathNames;
import dev.forge.cli.json.Json;
import dev.forge.cli.project.Feature;
import dev.forge.cli.project.RenderedProject;
import dev.forge.cli.project.Renderer;
import dev.forge.cli.terminal.Style;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The output of {@code forge init} when it is done. */
final class Report {
    private final RenderedProject project;
    private final Path target;
    private final List<NextSteps.Step> next;
    private final String command;
    private final Change change;
    private final Additions additions;

    Report(
            RenderedProject project,
            Path target,
            List<NextSteps.Step> next,
            String command,
            Change change,
            Additions additions) {
        this.project = project;
        this.target = target;
        this.next = next;
        this.command = command;
        this.change = change;
        this.additions = additions;
    }

    void printWritten(PrintStream out, Style style, Duration elapsed, boolean questionsWereAsked) {
        int width =
                next.stream().mapToInt(step -> step.command().length()).max().orElse(0);
        String former =
                change.removed().isEmpty() ? "" : ", " + change.removed().size() + " former ones removed,";
        out.println((change.replaces() ? "Changed " : "Created ") + style.strong(name()) + ": "
                + project.files().size() + " files" + former + " in " + elapsed.toMillis() + " ms"
                + (additions.committed() ? ", and a first commit" : "") + ". Next:");
        out.println();
        if (!change.lost().isEmpty()) {
            out.println("  Replaced what you had written in " + PathNames.of(change.lost()));
            out.println();
        }
        for (String note : notes()) {
            out.println("  " + note);
            out.println();
        }
        for (NextSteps.Step step : next) {
            String gap = " ".repeat(width - step.command().length());
            String purpose = step.purpose().isEmpty() ? "" : gap + style.faint("   # " + step.purpose());
            out.println("  " + style.command(step.command()) + purpose);
        }
        if (questionsWereAsked) {
            out.println();
            out.println("The same without questions: " + style.command(command));
        }
    }

    void printDryRun(PrintStream out) {
        project.files().keySet().forEach(out::println);
        change.removed().forEach(path -> out.println(path + " (would be removed)"));
        change.lost().forEach(path -> out.println(path + " (would lose what you have written)"));
        out.println("Nothing was written. " + project.files().size() + " files would go to " + target);
    }

    void printJson(PrintStream out, boolean dryRun) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("forge", Renderer.forgeVersion());
        result.put("dryRun", dryRun);
        result.put("target", target.toString());
        result.put("answers", project.answers().asMap());
        result.put("files", List.copyOf(project.files().keySet()));
        result.put("removed", change.removed());
        result.put("replaced", change.lost());
        result.put("wrapper", additions.hasWrapper());
        result.put("git", additions.git().state().id());
        result.put("notes", notes());
        result.put("next", next.stream().map(NextSteps.Step::command).toList());
        result.put("command", command);
        out.print(Json.write(result));
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>(additions.notes());
        if (project.answers().has(Feature.REDIS) && target.toString().contains("%")) {
            // It decodes the address of .forge/repository, which has the path as it is.
            notes.add("Maven cannot build it here, because of the % in " + target + ": move the project");
        }
        return notes;
    }

    private String name() {
        return project.answers().name().value();
    }
}
