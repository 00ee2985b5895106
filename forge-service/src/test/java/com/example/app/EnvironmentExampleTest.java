package com.example.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class EnvironmentExampleTest {
    private static final Pattern ASSIGNMENT = Pattern.compile("(?m)^(?:# )?([A-Z][A-Z_]+)=(.*)$");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Z][A-Z_]+)");

    @Test
    void namesEveryVariableThatTheServiceReads() throws IOException {
        List<String> read = groups(PLACEHOLDER, "src/main/resources/application.yml", 1);

        assertThat(read).isNotEmpty();
        assertThat(groups(ASSIGNMENT, ".env.example", 1)).containsAll(read);
    }

    @Test
    void isReadAlikeBySpringComposeAndAShell() throws IOException {
        List<String> values = groups(ASSIGNMENT, ".env.example", 2);

        assertThat(values).isNotEmpty().noneMatch(value -> value.matches(".*[\"'#\\s].*"));
    }

    private static List<String> groups(Pattern pattern, String file, int group) throws IOException {
        return pattern.matcher(Files.readString(Path.of(file)))
                .results()
                .map((MatchResult match) -> match.group(group))
                .toList();
    }
}
