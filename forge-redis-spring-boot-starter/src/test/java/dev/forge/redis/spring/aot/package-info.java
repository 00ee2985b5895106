/** An application that is processed ahead of time, and what becomes of it. */
@NullMarked
package dev.forge.redis.spring.aot;

import org.jspecify.annotations.NullMarked;
