package dev.forge.redis.script;

import java.util.List;

/**
 * What a script works on.
 *
 * @param keys its keys, behind the prefix of the settings
 * @param args its arguments
 */
public record ScriptInput(List<String> keys, List<byte[]> args) {}
