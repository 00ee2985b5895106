/** What goes wrong, when, and how: a {@link dev.forge.torture.fault.FaultPlan} follows from its seed alone. */
@NullMarked
package dev.forge.torture.fault;

import org.jspecify.annotations.NullMarked;
