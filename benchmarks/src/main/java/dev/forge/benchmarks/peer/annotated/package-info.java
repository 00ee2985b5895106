/** Methods with Spring's cache annotations, for each manager: {@link dev.forge.benchmarks.peer.annotated.CachedMethods}. */
@NullMarked
package dev.forge.benchmarks.peer.annotated;

import org.jspecify.annotations.NullMarked;
