package com.example.app.web;

import java.util.List;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.context.MessageSourceResolvable;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Answers every error as {@code application/problem+json} (RFC 9457), without internal details. */
@RestControllerAdvice
class Problems extends ResponseEntityExceptionHandler {
    private static final String RETRY_AFTER_SECONDS = "5";

    private final FailureLog failures =
            new FailureLog(LoggerFactory.getLogger(Problems.class), "A request failed");

    /** The answer when something that the service needs is away. */
    static ResponseEntity<ProblemDetail> unavailable() {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(
                HttpStatus.SERVICE_UNAVAILABLE, "A part of the service is not available. Please try again later.");
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
                .body(problem);
    }

    /** The answer when the service itself is at fault. */
    static ResponseEntity<ProblemDetail> failed() {
        return problem(HttpStatus.INTERNAL_SERVER_ERROR, "The request failed. It was logged.");
    }

    /** An exception that carries a status keeps it. A database that is away is not a fault of the code. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> unexpected(Exception failure) {
        if (failure instanceof ErrorResponse known) {
            return ResponseEntity.status(known.getStatusCode())
                    .headers(known.getHeaders())
                    .body(known.getBody());
        }
        ResponseStatus status = AnnotatedElementUtils.findMergedAnnotation(failure.getClass(), ResponseStatus.class);
        if (status != null) {
            return ResponseEntity.status(status.code()).body(ProblemDetail.forStatus(status.code()));
        }
        if (DatabaseProblems.areOutage(failure)) {
            failures.warn(failure);
            return unavailable();
        }
        failures.errorWithStackTrace(failure);
        return failed();
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> malformedParameters(InvalidParameterException malformed) {
        return problem(
                HttpStatusCode.valueOf(malformed.getErrorCode()), "The parameters of the request are malformed.");
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException unreadable, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        // A JSON reader wraps what BodyLimits throws in the middle of a value.
        return unreadable.getRootCause() instanceof ResponseStatusException refused
                ? handleErrorResponseException(refused, refused.getHeaders(), refused.getStatusCode(), request)
                : super.handleHttpMessageNotReadable(unreadable, headers, status, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(
            MethodArgumentNotValidException invalid, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        List<String> errors = invalid.getFieldErrors().stream()
                .map(error -> error.getField() + " " + error.getDefaultMessage())
                .toList();
        return invalid(invalid, invalid.getBody(), errors, headers, status, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHandlerMethodValidationException(
            HandlerMethodValidationException invalid, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        List<String> errors = invalid.getParameterValidationResults().stream()
                .flatMap(parameter -> parameter.getResolvableErrors().stream()
                        .map(MessageSourceResolvable::getDefaultMessage)
                        .map(message -> parameter.getMethodParameter().getParameterName() + " " + message))
                .toList();
        return invalid(invalid, invalid.getBody(), errors, headers, status, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception failure,
            @Nullable Object body,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        // The server has answered a client that broke off already. Spring would log a warning.
        boolean answered = request instanceof ServletWebRequest servlet
                && servlet.getResponse() != null
                && servlet.getResponse().isCommitted();
        return answered ? null : super.handleExceptionInternal(failure, body, headers, status, request);
    }

    private @Nullable ResponseEntity<Object> invalid(
            Exception invalid,
            ProblemDetail problem,
            List<String> errors,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        problem.setProperty("errors", errors.stream().sorted().toList());
        return handleExceptionInternal(invalid, problem, headers, status, request);
    }

    private static ResponseEntity<ProblemDetail> problem(HttpStatusCode status, String detail) {
        return ResponseEntity.status(status).body(ProblemDetail.forStatusAndDetail(status, detail));
    }
}
