package dev.forge.redis.spring.embedded;

import dev.forge.redis.test.EmbeddedRedis;
import org.springframework.core.Ordered;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.test.context.TestExecutionListener;

/** Restores and empties the server before each test of a class with {@link AutoConfigureEmbeddedRedis}. */
final class EmptyServerListener implements TestExecutionListener, Ordered {

    /** Before the listeners of Spring that prepare data for a test, which begin at 4000. */
    @Override
    public int getOrder() {
        return 3500;
    }

    @Override
    public void beforeTestMethod(TestContext test) {
        AutoConfigureEmbeddedRedis annotation =
                TestContextAnnotationUtils.findMergedAnnotation(test.getTestClass(), AutoConfigureEmbeddedRedis.class);
        if (annotation != null) {
            test.getApplicationContext().getBean(EmbeddedRedis.class).reset(!annotation.keepData());
        }
    }
}
