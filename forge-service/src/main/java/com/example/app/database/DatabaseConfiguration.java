package com.example.app.database;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tells Spring Boot which database to use. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {
    @Bean
    JdbcConnectionDetails database(
            @Value("${app.database.url}") String url,
            @Value("${app.database.username}") String username,
            @Value("${app.database.password}") String password) {
        return DatabaseAddress.parse(url, username, password);
    }
}
