package dev.forge.cli.init;

import static java.util.stream.Collectors.joining;

import dev.forge.cli.disk.Change;
import dev.forge.cli.disk.PathNames;
import dev.forge.cli.project.Answers;
import dev.forge.cli.project.Ci;
import dev.forge.cli.project.Feature;
import dev.forge.cli.project.RenderedProject;
import dev.forge.cli.terminal.Questions;
import dev.forge.cli.terminal.Questions.Question;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Predicate;

/** What is about to be written, shown on a terminal before it happens. */
record Summary(RenderedProject project, Path target, Change change, AnswerOptions options) {
    /** Shows it and asks. If something of the user's would be replaced, the default answer is no. */
    boolean confirmedOn(Questions terminal) {
        Answers answers = project.answers();
        terminal.tell("");
        terminal.tell("  " + project.files().size() + " files in " + target);
        terminal.tell("  package " + answers.javaPackage().value() + ", groupId "
                + answers.group().value() + ", Java " + answers.javaVersion().number());
        tellFeatures(terminal, "  with: ", answers::has);
        tellFeatures(terminal, "  without: ", feature -> !answers.has(feature));
        if (answers.ci() != Ci.NONE) {
            terminal.tell("  built and tested by " + answers.ci().label());
        }
        if (options.wantsWrapper()) {
            terminal.tell("  with a Maven wrapper, made by Maven");
        }
        if (!options.wantsGit()) {
            terminal.tell("  without a Git repository");
        }
        if (!change.removed().isEmpty()) {
            terminal.tell("  removes " + change.removed().size() + " files of the former project: "
                    + PathNames.of(change.removed()));
        }
        if (!change.lost().isEmpty()) {
            terminal.tell("  replaces what you have written in " + PathNames.of(change.lost()));
        }
        Question write = new Question(
                "Write it?", "the answer", "Yes writes the files above; no ends forge and changes nothing.");
        return terminal.confirm(write, change.lost().isEmpty());
    }

    private static void tellFeatures(Questions terminal, String with, Predicate<Feature> wanted) {
        String labels = Arrays.stream(Feature.values())
                .filter(wanted)
                .map(Feature::label)
                .collect(joining(", "));
        if (!labels.isEmpty()) {
            terminal.tell(with + labels);
        }
    }
}
