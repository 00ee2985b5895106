/** The examples of docs/testing.md, which are compared with the page word for word, and run. */
@NullMarked
package dev.forge.redis.test.documentation;

import org.jspecify.annotations.NullMarked;
