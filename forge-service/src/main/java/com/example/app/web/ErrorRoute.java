package com.example.app.web;

import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Answers errors outside of the controllers, such as those of filters, as {@link Problems} answers the others. */
@RestController
@Hidden
class ErrorRoute implements ErrorController {
    @RequestMapping("/error")
    ProblemDetail error(HttpServletRequest request) {
        if (request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof ErrorResponse known) {
            return known.getBody();
        }
        if (request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer status) {
            return ProblemDetail.forStatus(status);
        }
        throw new ResponseStatusException(HttpStatus.NOT_FOUND); // A client asked for this route itself.
    }
}
