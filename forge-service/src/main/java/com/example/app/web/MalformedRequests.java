package com.example.app.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Answers 400 to requests that the HTTP server lets through, but on which Spring fails, with a stack trace for each. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1) // After ResponseHeaders.
class MalformedRequests extends OncePerRequestFilter {
    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (isUri(request.getRequestURI()) && !isPattern(request.getContentType())) {
            chain.doFilter(request, response);
        } else {
            response.sendError(HttpServletResponse.SC_BAD_REQUEST);
        }
    }

    /** {@code //} is none: a host would have to follow. */
    private static boolean isUri(String path) {
        try {
            new URI(path);
            return true;
        } catch (URISyntaxException malformed) {
            return false;
        }
    }

    /** Whether it names many types, as in {@code Accept}. Spring itself refuses what names none. */
    private static boolean isPattern(@Nullable String contentType) {
        if (contentType == null || !contentType.contains("*")) {
            return false;
        }
        try {
            return !MediaType.parseMediaType(contentType).isConcrete();
        } catch (InvalidMediaTypeException malformed) {
            return false;
        }
    }
}
