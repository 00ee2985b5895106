/** The workloads of the peers, one small class for each. */
@NullMarked
package dev.forge.benchmarks.workload;

import org.jspecify.annotations.NullMarked;
