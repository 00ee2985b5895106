package dev.forge.redis.spring.observe;

import dev.forge.redis.RedisManager;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Observes every {@link RedisManager} bean, also those of the application.
 *
 * <p>It waits until all beans are made: the registries may depend on beans that need the manager.
 */
final class ManagerObservation implements BeanPostProcessor, SmartInitializingSingleton {

    private final ObjectProvider<MeterRegistry> meters;
    private final ObjectProvider<ObservationRegistry> observations;
    private final ObjectProvider<ForgeObserveProperties> properties;
    private final Map<String, RedisManager> waiting = new ConcurrentHashMap<>();

    /** A server without an address is a second bean of the plain manager, which came before it. */
    private final Set<RedisManager> known = ConcurrentHashMap.newKeySet();

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
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof RedisManager redis && known.add(redis)) {
            waiting.put(name, redis);
            if (isReady) {
                observe();
            }
        }
        return bean;
    }

    @Override
    public void afterSingletonsInstantiated() {
        isReady = true;
        observe();
    }

    private void observe() {
        MeterRegistry registry = meters.getIfAvailable();
        if (registry == null) {
            return;
        }
        for (String name : List.copyOf(waiting.keySet())) {
            RedisManager redis = waiting.remove(name);
            if (redis != null) {
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
}
