/** Objects of a kilobyte in Redis, for each library: {@link dev.forge.benchmarks.peer.profile.ProfilePeer}. */
@NullMarked
package dev.forge.benchmarks.peer.profile;

import org.jspecify.annotations.NullMarked;
