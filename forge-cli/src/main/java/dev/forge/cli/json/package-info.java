/** JSON text from maps, lists and plain values: {@link dev.forge.cli.json.Json}. Writing only. */
@NullMarked
package dev.forge.cli.json;

import org.jspecify.annotations.NullMarked;
