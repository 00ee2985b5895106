/**
 * Expected failures of a command: {@link dev.forge.cli.failure.Failure} has two lines for the user, and an
 * {@link dev.forge.cli.failure.Exit} code for scripts.
 */
@NullMarked
package dev.forge.cli.failure;

import org.jspecify.annotations.NullMarked;
