package com.example.app;

// forge:begin redis
import com.example.app.session.SessionClient;
import dev.forge.redis.spring.embedded.AutoConfigureEmbeddedRedis;
// forge:end redis
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ActiveProfiles;

/** Runs a test against the real service on a free port, with a database of its own in memory. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "DATABASE_URL=jdbc:h2:mem:${random.uuid}",
            "app.env-file=", // What a developer sets in .env is not for tests.
            "spring.test.metrics.export=true",
            // forge:begin redis
            "app.sample-users.password=" + SessionClient.PASSWORD,
            // All tests have one address, and log in by few names.
            "app.login.attempts-for-a-name=1000",
            "forge.rate-limit.rules.sessions.permits=1000",
            "forge.rate-limit.rules.default.timeout=10s", // On a busy machine too, the answer is that of Redis.
            // forge:end redis
            // forge:begin worker
            "app.tasks.poll-interval=100ms",
            // forge:end worker
        })
@ActiveProfiles("development")
@AutoConfigureRestTestClient
@Import(TestRoutes.class)
// forge:begin redis
@AutoConfigureEmbeddedRedis
// forge:end redis
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface ServiceTest {}
