/** The faults, and how each is made. A {@link dev.forge.torture.fault.FaultPlan} depends on its seed only. */
@NullMarked
package dev.forge.torture.fault;

import org.jspecify.annotations.NullMarked;
