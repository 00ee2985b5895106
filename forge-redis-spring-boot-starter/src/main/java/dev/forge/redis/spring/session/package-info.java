/**
 * The {@link dev.forge.redis.session.SessionStore} as a bean, and Spring Session on top of it.
 *
 * <p>{@link dev.forge.redis.spring.session.SessionCookie} carries the id of a session. A
 * {@link dev.forge.redis.spring.session.SessionAttributeType} bean registers a type that an {@code HttpSession} may hold.
 * {@code SessionAttributes} writes and reads attributes, with {@code SecurityTypes} and {@code FlashMaps} for those of
 * Spring Security and Spring MVC.
 */
@NullMarked
package dev.forge.redis.spring.session;

import org.jspecify.annotations.NullMarked;
