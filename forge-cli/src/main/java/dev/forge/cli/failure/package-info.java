/**
 * How a command ends when it cannot do what was asked: {@link dev.forge.cli.failure.Failure}, which carries the two
 * lines a person reads and the {@link dev.forge.cli.failure.Exit} a script reads.
 */
@NullMarked
package dev.forge.cli.failure;

import org.jspecify.annotations.NullMarked;
