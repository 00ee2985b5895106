/** Sessions of web requests, as each library keeps them: {@link dev.forge.benchmarks.peer.session.SessionPeer}. */
@NullMarked
package dev.forge.benchmarks.peer.session;

import org.jspecify.annotations.NullMarked;
