package dev.forge.redis.spring.session;

import org.springframework.session.Session;

/** A session of Forge as Spring Session sees it: opened by its id, or found by its user. */
sealed interface ForgeSession extends Session permits ForgeHttpSession, ListedSession {}
