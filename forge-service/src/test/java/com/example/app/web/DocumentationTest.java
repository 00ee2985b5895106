package com.example.app.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.app.ServiceTest;
import com.jayway.jsonpath.JsonPath;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;

@ServiceTest
class DocumentationTest {
    @Autowired
    RestTestClient client;

    @Test
    void redirectsTheStartPageToTheDocumentation() {
        client.get()
                .uri("/")
                .exchange()
                .expectStatus()
                .is3xxRedirection()
                .expectHeader()
                .valueMatches(HttpHeaders.LOCATION, ".*/docs");
        client.get().uri("/docs").exchange().expectStatus().is3xxRedirection();
        client.get().uri("/swagger-ui/index.html").exchange().expectStatus().isOk();
    }

    @Test
    void hasAnExampleForEveryInput() {
        String openapi = client.get()
                .uri("/openapi.json")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody();

        List<Map<String, Object>> parameters = JsonPath.read(openapi, "$.paths.*.*.parameters[*]");
        assertThat(parameters)
                .isNotEmpty()
                .allSatisfy(parameter -> assertThat(parameter).containsKey("example"));
        List<String> bodies = JsonPath.read(openapi, "$.paths.*.*.requestBody.content.*.schema['$ref']");
        assertThat(bodies).isNotEmpty().allSatisfy(body -> {
            String schema = body.substring(body.lastIndexOf('/') + 1);
            List<Map<String, Object>> fields =
                    JsonPath.read(openapi, "$.components.schemas." + schema + ".properties.*");
            assertThat(fields).isNotEmpty().allSatisfy(field -> assertThat(field).containsKey("example"));
        });
    }

    @Test
    void answersAnUnknownRouteAsAProblem() {
        client.get()
                .uri("/nowhere")
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON);
    }
}
