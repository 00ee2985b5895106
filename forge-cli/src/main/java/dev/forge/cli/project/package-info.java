/**
 * Makes a project in memory: a pure function from the template and the user's answers to files.
 *
 * <p>Start at {@link dev.forge.cli.project.Renderer}. {@link dev.forge.cli.project.Answers} goes in, a
 * {@link dev.forge.cli.project.RenderedProject} comes out. No clock, no network, no randomness: the same jar and the
 * same answers give the same bytes.
 */
@NullMarked
package dev.forge.cli.project;

import org.jspecify.annotations.NullMarked;
