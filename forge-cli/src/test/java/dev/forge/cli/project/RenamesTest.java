package dev.forge.cli.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class RenamesTest {
    private final Renames renames = Renames.of(
            Answers.of(
                    new ProjectName("my_project"),
                    new JavaPackage("org.acme"),
                    null,
                    new JavaVersion(21),
                    Set.of(),
                    Ci.NONE),
            "1-SNAPSHOT",
            "1-ab");

    @Test
    void replacesEveryNameInTextAndInPaths() {
        String text = "package com.example.app.user; <groupId>com.example</groupId> sample-service Sample Service"
                + " <forge.version>1-SNAPSHOT</forge.version>";

        assertThat(renames.apply(text))
                .isEqualTo("package org.acme.myproject.user; <groupId>org.acme</groupId> my_project My Project"
                        + " <forge.version>1-ab</forge.version>");
        assertThat(renames.apply("src/main/java/com/example/app/Application.java"))
                .isEqualTo("src/main/java/org/acme/myproject/Application.java");
    }

    @Test
    void leavesVersionsAndGroupsOfOthersAlone() {
        String text = "<version>1-SNAPSHOT</version> <groupId>com.example.other</groupId> http://example.com";

        assertThat(renames.apply(text)).isEqualTo(text);
    }

    @Test
    void neverReplacesItsOwnReplacements() {
        Renames nested = Renames.of(
                new Answers(
                        new ProjectName("sample-service-two"),
                        new JavaPackage("com.example.app"),
                        new JavaPackage("com.example.app.com.example.app"),
                        JavaVersion.OLDEST,
                        Set.of(),
                        Ci.NONE),
                "1",
                "2");

        assertThat(nested.apply("com.example.app sample-service"))
                .isEqualTo("com.example.app.com.example.app sample-service-two");
    }
}
