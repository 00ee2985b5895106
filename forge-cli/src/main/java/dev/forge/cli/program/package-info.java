/**
 * Other programs that forge calls, found on the search path: Git for {@link dev.forge.cli.program.GitRepository}, Maven for
 * {@link dev.forge.cli.program.MavenWrapper}.
 */
@NullMarked
package dev.forge.cli.program;

import org.jspecify.annotations.NullMarked;
