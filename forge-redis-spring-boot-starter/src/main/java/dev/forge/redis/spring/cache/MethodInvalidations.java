package dev.forge.redis.spring.cache;

import dev.forge.redis.key.KeyPattern;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodClassKey;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.expression.Expression;
import org.springframework.util.StringValueResolver;

/** What {@link InvalidateTag} and {@link InvalidateMatching} on methods say; each method is read once. */
final class MethodInvalidations {

    private final StringValueResolver placeholders;
    private final Map<MethodClassKey, List<Invalidation>> methods = new ConcurrentHashMap<>();

    MethodInvalidations(StringValueResolver placeholders) {
        this.placeholders = placeholders;
    }

    /** What one annotation invalidates in each of its caches. */
    interface Invalidation {
        List<String> caches();

        /** Returns the changes for a call that has returned {@code result}. */
        List<Change> of(MethodCall call, @Nullable Object result);
    }

    /**
     * An invalidation of one cache.
     *
     * @param now makes it, or leaves it to the commit of the transaction
     * @param async does the same without blocking
     */
    record Change(Consumer<SpringCache> now, Function<SpringCache, CompletableFuture<?>> async) {}

    private record OfTags(List<String> caches, List<Expression> tags) implements Invalidation {
        @Override
        public List<Change> of(MethodCall call, @Nullable Object result) {
            return call.tags(tags, result).stream()
                    .map(tag -> new Change(cache -> cache.invalidateTag(tag), cache -> cache.invalidateTagAsync(tag)))
                    .toList();
        }
    }

    private record OfPattern(List<String> caches, String pattern, List<Expression> arguments) implements Invalidation {
        @Override
        public List<Change> of(MethodCall call, @Nullable Object result) {
            KeyPattern filled = KeyPattern.of(pattern, call.values(arguments, result));
            return List.of(new Change(
                    cache -> cache.invalidateMatching(filled), cache -> cache.invalidateMatchingAsync(filled)));
        }
    }

    boolean mayBeIn(Class<?> type) {
        return AnnotationUtils.isCandidateClass(type, List.of(InvalidateTag.class, InvalidateMatching.class));
    }

    /**
     * Returns what {@code method} invalidates.
     *
     * @throws IllegalStateException if an annotation cannot be used
     */
    List<Invalidation> of(Method method, Class<?> target) {
        return methods.computeIfAbsent(new MethodClassKey(method, target), key -> read(method, target));
    }

    private List<Invalidation> read(Method method, Class<?> target) {
        Method specific = AopUtils.getMostSpecificMethod(method, target);
        List<Invalidation> found = new ArrayList<>();
        try {
            AnnotatedElementUtils.findMergedRepeatableAnnotations(specific, InvalidateTag.class)
                    .forEach(each -> found.add(
                            new OfTags(List.of(each.cacheNames()), MethodCall.templates(each.value(), placeholders))));
            AnnotatedElementUtils.findMergedRepeatableAnnotations(specific, InvalidateMatching.class)
                    .forEach(each -> found.add(pattern(each)));
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "what " + target.getName() + "." + method.getName() + " invalidates cannot be used: "
                            + e.getMessage(),
                    e);
        }
        return List.copyOf(found);
    }

    private static Invalidation pattern(InvalidateMatching annotation) {
        Object[] examples = new Object[annotation.arguments().length];
        Arrays.fill(examples, "x");
        // Checks the template at the start, and not at the first call.
        var unused = KeyPattern.of(annotation.value(), examples);
        return new OfPattern(
                List.of(annotation.cacheNames()), annotation.value(), MethodCall.expressions(annotation.arguments()));
    }
}
