package dev.forge.redis.spring.observe;

import dev.forge.redis.RedisManager;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.observation.ObservationRegistry;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Observes every {@link RedisManager} bean, including those of the application.
 *
 * <p>It waits until all beans are made: the registries may depend on beans that need the manager. It is one of the first
 * post-processors, because Spring makes advisors, and what they need, together with the other post-processors.
 */
final class ManagerObservation implements BeanPostProcessor, SmartInitializingSingleton, PriorityOrdered {

    private final ObjectProvider<MeterRegistry> meters;
    private final ObjectProvider<ObservationRegistry> observations;
    private final ObjectProvider<ForgeObserveProperties> properties;

    /** By the first of its names: a server without an address is a second bean of the plain manager. */
    private final Map<RedisManager, String> managers = new ConcurrentHashMap<>();

    /** A manager that is made while others are being observed is met twice. */
    private final Set<RedisManager> observed = ConcurrentHashMap.newKeySet();

    private volatile boolean isReady;

    ManagerObservation(
            ObjectProvider<MeterRegistry> meters,
            ObjectProvider<ObservationRegistry> observations,
            ObjectProvider<ForgeObserveProperties> properties) {
        this.meters = meters;
        this.observations = observations;
        this.properties = properties;
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof RedisManager redis && managers.putIfAbsent(redis, name) == null && isReady) {
            observe(redis, name);
        }
        return bean;
    }

    @Override
    public void afterSingletonsInstantiated() {
        isReady = true;
        managers.forEach(this::observe);
    }

    private void observe(RedisManager redis, String name) {
        MeterRegistry registry = meters.getIfUnique();
        if (registry != null && observed.add(redis)) {
            Tags tags = Tags.of("manager", name);
            ConnectionMeters.bind(redis, tags, registry);
            redis.observe(new ManagerObserver(
                    registry,
                    tags,
                    observations.getIfAvailable(() -> ObservationRegistry.NOOP),
                    properties.getObject()));
        }
    }
}
