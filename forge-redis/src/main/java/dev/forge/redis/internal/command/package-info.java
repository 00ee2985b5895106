/**
 * The commands that Forge sends: each is timed, sent to a node, and given its outcome.
 *
 * <p>Start at {@link dev.forge.redis.internal.command.CommandDispatcher}.
 */
@NullMarked
package dev.forge.redis.internal.command;

import org.jspecify.annotations.NullMarked;
