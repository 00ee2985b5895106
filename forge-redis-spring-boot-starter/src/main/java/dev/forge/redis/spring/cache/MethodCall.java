package dev.forge.redis.spring.cache;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.context.expression.MethodBasedEvaluationContext;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.Expression;
import org.springframework.expression.ParserContext;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringValueResolver;

/** What expressions in annotations may use: the parameters of a call, and its result. */
final class MethodCall {

    private static final SpelExpressionParser PARSER = new SpelExpressionParser();
    private static final ParameterNameDiscoverer NAMES = new DefaultParameterNameDiscoverer();

    private final @Nullable Object target;
    private final Method method;
    private final Object[] arguments;

    private MethodCall(@Nullable Object target, Method method, Object[] arguments) {
        this.target = target;
        this.method = method;
        this.arguments = arguments;
    }

    /**
     * Returns the class of the bean that is called, not one that Spring generated; without a bean, the class that declares the
     * method.
     */
    static Class<?> targetOf(MethodInvocation call) {
        Object target = call.getThis();
        return target == null ? call.getMethod().getDeclaringClass() : ClassUtils.getUserClass(target);
    }

    static MethodCall of(MethodInvocation call, Class<?> type) {
        return new MethodCall(
                call.getThis(), AopUtils.getMostSpecificMethod(call.getMethod(), type), call.getArguments());
    }

    /** Returns texts with expressions in them, ready to be evaluated. */
    static List<Expression> templates(String[] texts, StringValueResolver placeholders) {
        return Arrays.stream(texts)
                .map(text -> PARSER.parseExpression(
                        String.valueOf(placeholders.resolveStringValue(text)), ParserContext.TEMPLATE_EXPRESSION))
                .toList();
    }

    /** Returns expressions ready to be evaluated. */
    static List<Expression> expressions(String[] texts) {
        return Arrays.stream(texts).map(PARSER::parseExpression).toList();
    }

    /** Returns the tags that {@code templates} yield; one whose whole result is a list yields several. */
    List<String> tags(List<Expression> templates, @Nullable Object result) {
        EvaluationContext context = context(result);
        List<String> tags = new ArrayList<>();
        for (Expression template : templates) {
            Object value = template.getValue(context);
            Collection<?> all = value instanceof Collection<?> several ? several : Arrays.asList(value);
            all.stream()
                    .filter(Objects::nonNull)
                    .map(String::valueOf)
                    .map(TextKeys::tag)
                    .forEach(tags::add);
        }
        return tags;
    }

    /** @throws IllegalArgumentException if one is null */
    Object[] values(List<Expression> expressions, @Nullable Object result) {
        EvaluationContext context = context(result);
        return expressions.stream()
                .map(expression -> {
                    Object value = expression.getValue(context);
                    if (value == null) {
                        throw new IllegalArgumentException(
                                "the argument " + expression.getExpressionString() + " of a pattern must not be null");
                    }
                    return value;
                })
                .toArray();
    }

    private EvaluationContext context(@Nullable Object result) {
        MethodBasedEvaluationContext context = new MethodBasedEvaluationContext(
                target == null ? method.getDeclaringClass() : target, method, arguments, NAMES);
        context.setVariable("result", result);
        return context;
    }
}
