/** What the peers are made to do, one small class for each kind of work. */
@NullMarked
package dev.forge.benchmarks.workload;

import org.jspecify.annotations.NullMarked;
