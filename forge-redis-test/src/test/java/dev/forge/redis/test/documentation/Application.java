package dev.forge.redis.test.documentation;

import org.springframework.boot.SpringBootConfiguration;

/** The application that the example for Spring Boot tests. */
@SpringBootConfiguration
class Application {}
