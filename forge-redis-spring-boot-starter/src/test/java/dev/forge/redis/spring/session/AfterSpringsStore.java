package dev.forge.redis.spring.session;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.session.data.redis.autoconfigure.SessionDataRedisAutoConfiguration;

/**
 * Brings Spring's store forward, as another library may. Spring Boot orders by name first, and the name of this class
 * comes before Forge's: what it has to follow comes first too, unless an order is declared.
 */
@AutoConfiguration(after = SessionDataRedisAutoConfiguration.class)
class AfterSpringsStore {}
