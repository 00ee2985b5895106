/**
 * Lua scripts, and what they reply.
 *
 * <p>Start at {@link dev.forge.redis.script.LuaScript}.
 */
@NullMarked
package dev.forge.redis.script;

import org.jspecify.annotations.NullMarked;
