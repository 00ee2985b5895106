/**
 * JSON text from maps, lists and plain values, and back: {@link dev.forge.cli.json.Json} and {@link
 * dev.forge.cli.json.JsonReader}.
 */
@NullMarked
package dev.forge.cli.json;

import org.jspecify.annotations.NullMarked;
