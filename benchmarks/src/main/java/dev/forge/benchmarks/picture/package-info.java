/** The pictures of a run: {@link dev.forge.benchmarks.picture.Picture} is where to start. */
@NullMarked
package dev.forge.benchmarks.picture;

import org.jspecify.annotations.NullMarked;
