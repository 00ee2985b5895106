/** Starts a project that was just written, with the user's Maven: {@link dev.forge.cli.service.ServiceRun}. */
@NullMarked
package dev.forge.cli.service;

import org.jspecify.annotations.NullMarked;
