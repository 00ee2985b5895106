/**
 * Puts a project on disk, all of it or nothing: {@link dev.forge.cli.disk.ProjectWriter}.
 *
 * <p>Nothing is written outside the target but one temporary directory beside it, which is gone when the command ends,
 * also when it is interrupted. Nothing is ever deleted that Forge has not written itself.
 */
@NullMarked
package dev.forge.cli.disk;

import org.jspecify.annotations.NullMarked;
