/** Starts a project that has just been written, with the Maven of the person: {@link dev.forge.cli.service.ServiceRun}. */
@NullMarked
package dev.forge.cli.service;

import org.jspecify.annotations.NullMarked;
