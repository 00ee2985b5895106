/** Objects of a kilobyte out of Redis: what each library makes of it; start at {@link dev.forge.benchmarks.peer.profile.ProfilePeer}. */
@NullMarked
package dev.forge.benchmarks.peer.profile;

import org.jspecify.annotations.NullMarked;
