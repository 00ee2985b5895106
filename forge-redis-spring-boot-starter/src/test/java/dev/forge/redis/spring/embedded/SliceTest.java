package dev.forge.redis.spring.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.RedisManager;
import dev.forge.redis.test.EmbeddedRedis;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.autoconfigure.OverrideAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.data.redis.core.StringRedisTemplate;

/** Contexts with few auto-configurations, as those of {@code @WebMvcTest} and {@code @DataRedisTest}. */
class SliceTest {

    private static final Set<Integer> PORTS = new HashSet<>();
    private static final Set<ApplicationContext> CONTEXTS = new HashSet<>();

    @Nested
    @SpringBootTest
    @OverrideAutoConfiguration(enabled = false)
    @AutoConfigureEmbeddedRedis
    class WithoutSpringDataRedis {
        @Test
        void hasAManagerOfTheSharedServer(
                @Autowired RedisManager redis, @Autowired EmbeddedRedis server, @Autowired ApplicationContext context) {
            redis.setSync("a", "1");

            assertThat(server.command("GET", "a")).isEqualTo("1");
            assertThat(context.getBeanProvider(StringRedisTemplate.class).getIfAvailable())
                    .isNull();
            assertSharesTheServer(server, context);
        }
    }

    @Nested
    @SpringBootTest
    @OverrideAutoConfiguration(enabled = false)
    @ImportAutoConfiguration(DataRedisAutoConfiguration.class)
    @AutoConfigureEmbeddedRedis
    class WithSpringDataRedis {
        @Test
        void hasATemplateOfTheSharedServer(
                @Autowired StringRedisTemplate template,
                @Autowired EmbeddedRedis server,
                @Autowired ApplicationContext context) {
            template.opsForValue().set("a", "1");

            assertThat(server.command("GET", "a")).isEqualTo("1");
            assertSharesTheServer(server, context);
        }
    }

    @Nested
    @SpringBootTest
    @OverrideAutoConfiguration(enabled = false)
    @AutoConfigureEmbeddedRedis(keepData = true)
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    class KeepingData {
        @Test
        @Order(1)
        void storesAValue(@Autowired RedisManager redis) {
            redis.setSync("kept", "1");
        }

        @Test
        @Order(2)
        void findsIt(@Autowired RedisManager redis) {
            assertThat(redis.getSync("kept")).contains("1");
        }
    }

    private static void assertSharesTheServer(EmbeddedRedis server, ApplicationContext context) {
        PORTS.add(server.port());
        CONTEXTS.add(context);
        assertThat(PORTS).hasSize(1);
        if (CONTEXTS.size() == 2) {
            assertThat(server.isRunning()).isTrue();
        }
    }
}
