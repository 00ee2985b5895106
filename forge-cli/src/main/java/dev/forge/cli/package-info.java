/**
 * The {@code forge} command: {@link dev.forge.cli.Forge} starts it, {@link dev.forge.cli.InitCommand} creates projects.
 *
 * <p>Commands read options and answers, have {@link dev.forge.cli.project} make the files in memory and
 * {@link dev.forge.cli.disk} write them. Results go to standard output, everything else to standard error.
 */
@NullMarked
package dev.forge.cli;

import org.jspecify.annotations.NullMarked;
