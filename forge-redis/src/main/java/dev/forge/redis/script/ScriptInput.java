package dev.forge.redis.script;

import java.util.List;

/**
 * The keys and arguments of one call of a script.
 *
 * @param keys its keys, without the prefix of the settings
 * @param args its arguments
 */
public record ScriptInput(List<String> keys, List<byte[]> args) {}
