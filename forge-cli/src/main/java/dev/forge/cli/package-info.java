/**
 * The {@code forge} command: {@link dev.forge.cli.Forge} starts it and turns failures into exit codes.
 *
 * <p>A command that outgrows one class has a package of its own, such as {@link dev.forge.cli.init}. Results go to
 * standard output, everything else to standard error.
 */
@NullMarked
package dev.forge.cli;

import org.jspecify.annotations.NullMarked;
