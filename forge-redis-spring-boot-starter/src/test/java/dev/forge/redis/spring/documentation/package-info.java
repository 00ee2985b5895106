/** The examples of docs/spring.md, which are compared with the page word for word. */
@NullMarked
package dev.forge.redis.spring.documentation;

import org.jspecify.annotations.NullMarked;
