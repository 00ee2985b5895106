package dev.forge.redis.spring.session;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.session.SessionRepository;

/** Logs once, at the start, who keeps {@code HttpSession}. */
final class SessionKeeper implements SmartInitializingSingleton {

    private static final Logger LOG = LoggerFactory.getLogger(SessionKeeper.class);

    private final ObjectProvider<SessionRepository<?>> repositories;

    SessionKeeper(ObjectProvider<SessionRepository<?>> repositories) {
        this.repositories = repositories;
    }

    @Override
    public void afterSingletonsInstantiated() {
        @Nullable SessionRepository<?> keeper = repositories.getIfUnique();
        if (keeper instanceof ForgeSessionRepository) {
            LOG.info("Forge keeps HttpSession in Redis; forge.session.http-session=false leaves it to another store");
        } else if (keeper != null) {
            LOG.info(
                    "Forge does not keep HttpSession: {} does",
                    keeper.getClass().getName());
        } else {
            LOG.info(
                    "Forge does not keep HttpSession: the servlet container does, unless a filter of the application says"
                            + " otherwise");
        }
    }
}
