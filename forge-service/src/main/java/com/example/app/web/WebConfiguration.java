package com.example.app.web;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.tomcat.TomcatConnectorCustomizer;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Redirects the start page to the API documentation, if it is on, sets its title, reads no bodies but JSON, and answers
 * only with JSON.
 */
@Configuration(proxyBeanMethods = false)
class WebConfiguration implements WebMvcConfigurer {
    private final boolean docs;

    WebConfiguration(@Value("${app.docs}") boolean docs) {
        this.docs = docs;
    }

    @Override
    public void addViewControllers(ViewControllerRegistry registry) {
        if (docs) {
            registry.addRedirectViewController("/", "/docs");
        }
    }

    @Override
    public void configureMessageConverters(HttpMessageConverters.ServerBuilder converters) {
        // The API documentation brings one for YAML, which Spring would use for bodies too.
        converters.configureMessageConvertersList(all ->
                all.removeIf(each -> each.getSupportedMediaTypes().contains(MediaType.APPLICATION_YAML)));
    }

    /** Tomcat would read a form by itself, without the limits of {@link BodyLimits}. */
    @Bean
    TomcatConnectorCustomizer noForms() {
        return connector -> connector.setParseBodyMethods("");
    }

    @Bean
    WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> problemReports() {
        return server -> server.addContextCustomizers(
                context -> context.getParent().getPipeline().addValve(new ProblemReports()));
    }

    @Bean
    OpenAPI openApi(@Value("${spring.application.name}") String name) {
        return new OpenAPI().info(new Info().title(name).version("0.0.1"));
    }
}
