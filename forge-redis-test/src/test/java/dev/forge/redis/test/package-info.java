/** Tests of the embedded server: every one runs real processes. */
@NullMarked
package dev.forge.redis.test;

import org.jspecify.annotations.NullMarked;
