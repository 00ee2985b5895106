/**
 * Routing of commands to the node that serves a key: the only one, the primary that sentinels name, or one of a
 * cluster.
 *
 * <p>Start at {@link dev.forge.redis.internal.route.CommandRouter}.
 */
@NullMarked
package dev.forge.redis.internal.route;

import org.jspecify.annotations.NullMarked;
