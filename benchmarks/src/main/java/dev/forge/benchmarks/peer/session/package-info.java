/** Sessions of web requests: what each library makes of it; start at {@link dev.forge.benchmarks.peer.session.SessionPeer}. */
@NullMarked
package dev.forge.benchmarks.peer.session;

import org.jspecify.annotations.NullMarked;
