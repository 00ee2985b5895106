package com.example.app;

import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;

/** Starts the service for development, with everything it needs: {@code mvn spring-boot:test-run}. */
public class TestApplication {
    public static void main(String[] arguments) {
        SpringApplication service = new SpringApplication(Application.class);
        service.setAdditionalProfiles("development");
        // forge:begin redis
        service.addInitializers(new EmbeddedRedisInitializer());
        // forge:end redis
        service.addListeners((ApplicationListener<ApplicationReadyEvent>) TestApplication::printAddresses);
        service.run(arguments);
    }

    private static void printAddresses(ApplicationReadyEvent ready) {
        Environment environment = ready.getApplicationContext().getEnvironment();
        String root = "http://localhost:" + environment.getProperty("local.server.port");
        List<String> lines = new ArrayList<>();
        lines.add(environment.getProperty("spring.application.name") + " is running. Open");
        lines.add("  " + root + "/docs  (every route, to try out)");
        lines.add("  " + root + "/users/1/profile");
        // forge:begin redis
        lines.add("  " + root + "/cached-data?key=hello  (twice)");
        lines.add("  " + root + "/health/redis");
        // forge:end redis
        lines.add("  http://localhost:" + environment.getProperty("local.management.port") + "/actuator/health");
        lines.add("Ctrl-C stops it.");
        System.out.println(String.join(System.lineSeparator(), lines));
    }
}
