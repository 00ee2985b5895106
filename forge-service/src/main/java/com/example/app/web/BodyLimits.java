package com.example.app.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.server.ResponseStatusException;

/**
 * Limits the size of every body, and the time in which it must arrive, whether it has a length or comes in chunks.
 *
 * <p>A body that is too large is answered with 413, one that is too slow with 408. Both close the connection.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class BodyLimits extends OncePerRequestFilter {
    private final long maxBytes;
    private final Duration deadline;

    BodyLimits(
            @Value("${app.request.max-bytes}") DataSize max, @Value("${app.request.deadline}") Duration deadline) {
        this.maxBytes = max.toBytes();
        this.deadline = deadline;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        chain.doFilter(new LimitedRequest(request), response);
    }

    private final class LimitedRequest extends HttpServletRequestWrapper {
        private @Nullable ServletInputStream body;

        LimitedRequest(HttpServletRequest request) {
            super(request);
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            if (getContentLengthLong() > maxBytes) {
                throw tooLarge();
            }
            if (body == null) {
                body = new LimitedBody(super.getInputStream());
            }
            return body;
        }

        @Override
        public BufferedReader getReader() throws IOException {
            Charset charset =
                    Optional.ofNullable(getCharacterEncoding()).map(Charset::forName).orElse(StandardCharsets.ISO_8859_1);
            return new BufferedReader(new InputStreamReader(getInputStream(), charset));
        }
    }

    private final class LimitedBody extends ServletInputStream {
        private final ServletInputStream body;
        private final long start = System.nanoTime();
        private long bytesRead;

        LimitedBody(ServletInputStream body) {
            this.body = body;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            int count = readSome(target, offset, length);
            // The server's own time-out starts again with every byte.
            if (count >= 0 && System.nanoTime() - start > deadline.toNanos()) {
                throw tooSlow();
            }
            bytesRead += Math.max(count, 0);
            if (bytesRead > maxBytes) {
                throw tooLarge();
            }
            return count;
        }

        private int readSome(byte[] target, int offset, int length) {
            try {
                return body.read(target, offset, length);
            } catch (IOException broken) {
                // Without the cause: it is not a failure of one of the service's own connections.
                throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "The body is malformed or incomplete.");
            }
        }

        @Override
        public boolean isFinished() {
            return body.isFinished();
        }

        @Override
        public boolean isReady() {
            return body.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            body.setReadListener(listener);
        }
    }

    private ResponseStatusException tooLarge() {
        return new ResponseStatusException(
                HttpStatus.CONTENT_TOO_LARGE, "The body must have at most " + maxBytes + " bytes.");
    }

    private ResponseStatusException tooSlow() {
        return new ResponseStatusException(
                HttpStatus.REQUEST_TIMEOUT, "The body must arrive within " + deadline.toSeconds() + " seconds.");
    }
}
