package dev.forge.cli.init;

import dev.forge.cli.failure.Printable;
import dev.forge.cli.project.Answers;
import dev.forge.cli.project.Feature;
import java.util.Set;

/** The {@code forge init} command that gives the same answers, without those that are defaults. */
record TypedCommand(String command, boolean here, String dir, Answers answers) {
    String text() {
        StringBuilder line = new StringBuilder(command).append(" init ");
        line.append(here ? "." : answers.name().value());
        Answers usual = Answers.of(answers.name(), null, null, Set.of());
        if (!answers.javaPackage().equals(usual.javaPackage())) {
            line.append(" --package ").append(answers.javaPackage().value());
        }
        Answers implied = Answers.of(answers.name(), null, answers.javaPackage(), Set.of());
        if (!answers.group().equals(implied.group())) {
            line.append(" --group ").append(answers.group().value());
        }
        for (Feature feature : Feature.values()) {
            if (!answers.has(feature)) {
                line.append(" --no-").append(feature.id());
            }
        }
        if (!dir.isEmpty()) {
            line.append(" --dir ").append(Printable.shell(dir));
        }
        return line.toString();
    }
}
