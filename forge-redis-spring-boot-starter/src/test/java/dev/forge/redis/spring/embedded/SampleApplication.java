package dev.forge.redis.spring.embedded;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

/** An application whose properties name a server that does not exist. */
@SpringBootConfiguration
@EnableAutoConfiguration
class SampleApplication {}
