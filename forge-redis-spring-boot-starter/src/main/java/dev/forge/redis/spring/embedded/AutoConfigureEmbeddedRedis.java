package dev.forge.redis.spring.embedded;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;

/**
 * Gives the application context of a test a private, real Redis server, for Forge and for Spring Data Redis.
 *
 * <p>It works for whole applications ({@code @SpringBootTest}) and for slices, such as {@code @WebMvcTest}, which get a
 * {@code RedisManager} from it. Address and login in properties are not used. All contexts of a JVM share one server,
 * which ends with the JVM. Before each test, a server that is frozen or dead is restored, and FLUSHALL removes its data;
 * so classes that have this annotation must not run in parallel, unless they {@linkplain #keepData keep the data}.
 *
 * <p>The server is a bean of type {@code EmbeddedRedis}. If the application has such a bean, that is the server.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ImportAutoConfiguration
public @interface AutoConfigureEmbeddedRedis {

    /** Whether the data of earlier tests, and of the start of the application, are kept. */
    boolean keepData() default false;
}
