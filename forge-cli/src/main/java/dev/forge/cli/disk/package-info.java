/**
 * Puts a project on disk, all of it or nothing: {@link dev.forge.cli.disk.ProjectWriter}.
 *
 * <p>Outside the target, only one temporary directory is written. It is removed when the command ends, even when it is
 * interrupted. Forge deletes only files that it has written itself.
 */
@NullMarked
package dev.forge.cli.disk;

import org.jspecify.annotations.NullMarked;
