/** What a command takes from its process, and how it talks to the user. */
@NullMarked
package dev.forge.cli.terminal;

import org.jspecify.annotations.NullMarked;
