package com.example.app.database;

import java.sql.DriverManager;
import java.sql.SQLException;
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
        DatabaseAddress address = DatabaseAddress.parse(url, username, password);
        requireDriver(address.jdbcUrl());
        return address;
    }

    private static void requireDriver(String jdbcUrl) {
        try {
            DriverManager.getDriver(jdbcUrl);
        } catch (SQLException none) {
            throw new InvalidDatabaseUrl("be an address that a driver in pom.xml understands");
        }
    }
}
