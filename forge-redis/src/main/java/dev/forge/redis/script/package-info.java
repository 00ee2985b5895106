/**
 * Lua scripts and their replies.
 *
 * <p>Start at {@link dev.forge.redis.script.LuaScript}.
 */
@NullMarked
package dev.forge.redis.script;

import org.jspecify.annotations.NullMarked;
