package dev.forge.redis.spring.ratelimit;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.View;
import org.springframework.web.servlet.ViewResolver;

/**
 * Answers a request that was refused before Spring MVC as Spring MVC answers one that it refused: by the
 * {@code @ExceptionHandler} methods of the application, or else with the problem.
 *
 * <p>Advice for only some controllers does not apply, because there is no controller yet.
 */
final class RefusalAnswer {

    private final ObjectProvider<HandlerExceptionResolver> exceptions;
    private final ObjectProvider<ViewResolver> views;

    /** The beans are asked for at a refusal, because filters are made before them. */
    RefusalAnswer(ObjectProvider<HandlerExceptionResolver> exceptions, ObjectProvider<ViewResolver> views) {
        this.exceptions = exceptions;
        this.views = views;
    }

    void write(HttpServletRequest request, HttpServletResponse response, RateLimitExceededException refusal)
            throws IOException, ServletException {
        Optional<ModelAndView> page = exceptions
                .orderedStream()
                .flatMap(resolver ->
                        Optional.ofNullable(resolver.resolveException(request, response, null, refusal)).stream())
                .findFirst();
        if (page.isEmpty()) {
            response.sendError(
                    refusal.getStatusCode().value(), refusal.getBody().getDetail());
        } else if (!page.get().isEmpty()) {
            render(page.get(), request, response);
        }
    }

    private void render(ModelAndView page, HttpServletRequest request, HttpServletResponse response)
            throws ServletException {
        if (page.getStatus() != null) {
            response.setStatus(page.getStatus().value());
        }
        try {
            view(page).render(page.getModel(), request, response);
        } catch (Exception e) {
            throw new ServletException("the answer to a refused request failed: " + page, e);
        }
    }

    private View view(ModelAndView page) throws Exception {
        View own = page.getView();
        if (own != null) {
            return own;
        }
        String name = String.valueOf(page.getViewName());
        Locale locale = LocaleContextHolder.getLocale();
        for (ViewResolver resolver : views.orderedStream().toList()) {
            View view = resolver.resolveViewName(name, locale);
            if (view != null) {
                return view;
            }
        }
        throw new ServletException("there is no view " + name);
    }
}
