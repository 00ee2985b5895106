/**
 * {@code forge init}: {@link dev.forge.cli.init.InitCommand} reads options and answers, has
 * {@link dev.forge.cli.project} make the files in memory and {@link dev.forge.cli.disk} write them.
 */
@NullMarked
package dev.forge.cli.init;

import org.jspecify.annotations.NullMarked;
