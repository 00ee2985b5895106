/**
 * The commands that Forge sends, with their deadlines, nodes and outcomes.
 *
 * <p>Start at {@link dev.forge.redis.internal.command.CommandDispatcher}.
 */
@NullMarked
package dev.forge.redis.internal.command;

import org.jspecify.annotations.NullMarked;
