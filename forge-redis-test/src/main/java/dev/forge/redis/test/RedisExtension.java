package dev.forge.redis.test;

import dev.forge.redis.test.server.Directive;
import dev.forge.redis.test.server.ServerConfiguration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;

/**
 * An {@link EmbeddedRedis} for JUnit 5 and 6, empty at the start of every test.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final RedisExtension REDIS = RedisExtension.create();
 * }</pre>
 *
 * <p>In a static field, it is one server for all tests of the class and of the classes nested in it; in an
 * instance field, one for each test. As {@code @ExtendWith(RedisExtension.class)} it is one for the class (on a
 * method: for that test), handed to every parameter of type {@link EmbeddedRedis}.
 *
 * <p>Before each test, a server that is frozen or dead is thawed or restarted, and FLUSHALL removes all its data
 * ({@link #keepingData} switches that off). Changes by CONFIG SET stay.
 *
 * <p>Concurrent tests that share a server remove each other's data: give each its own, by an instance field, or keep
 * the data and let each test use keys of its own. A field in a base class is one server for all subclasses that run at
 * the same time, and a new one after the last of them.
 *
 * <p>Thread-safe.
 */
public final class RedisExtension
        implements TestInstancePreConstructCallback,
                BeforeAllCallback,
                BeforeEachCallback,
                AfterEachCallback,
                AfterAllCallback,
                ParameterResolver {
    private final List<Directive> options;
    private final boolean flushing;

    /** The classes and tests in progress that need the server: nested and inherited ones enter and leave as well. */
    private final Set<String> users = new HashSet<>();

    private @Nullable EmbeddedRedis server;

    /** Made by JUnit for {@code @ExtendWith}; elsewhere, use {@link #create}. */
    public RedisExtension() {
        this(List.of(), true);
    }

    private RedisExtension(List<Directive> options, boolean flushing) {
        this.options = options;
        this.flushing = flushing;
    }

    /** An extension whose server has the default options. */
    public static RedisExtension create() {
        return new RedisExtension();
    }

    /** The same with one more directive for the server: see {@link EmbeddedRedis.Builder#option}. */
    public RedisExtension withOption(String name, String... values) {
        Stream<Directive> more = Stream.of(ServerConfiguration.option(name, values));
        return new RedisExtension(Stream.concat(options.stream(), more).toList(), flushing);
    }

    /** The same, but tests keep the data of earlier ones. */
    public RedisExtension keepingData() {
        return new RedisExtension(options, false);
    }

    /**
     * The server, while it runs.
     *
     * @throws IllegalStateException before the first test of the class, and after the last
     */
    public synchronized EmbeddedRedis server() {
        if (server == null) {
            throw new IllegalStateException("The server exists only while its tests run. Is the RedisExtension"
                    + " registered, with @RegisterExtension or @ExtendWith?");
        }
        return server;
    }

    /** The address of the server: {@code redis://127.0.0.1:PORT}. Throws as {@link #server} does. */
    public String url() {
        return server().url();
    }

    /** An instance for all tests is made before {@link #beforeAll}, and may need the server already. */
    @Override
    public void preConstructTestInstance(TestInstanceFactoryContext factory, ExtensionContext context) {
        if (context.getTestInstanceLifecycle()
                .filter(Lifecycle.PER_CLASS::equals)
                .isPresent()) {
            enter(context);
            // Without an instance, JUnit does not call afterAll. Before 5.13, the server then ends with the JVM.
            AutoCloseable end = () -> leave(context);
            context.getStore(Namespace.create(RedisExtension.class)).put(this, end);
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        enter(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        enter(context);
        server().reset(flushing);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        leave(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        leave(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == EmbeddedRedis.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return server();
    }

    private synchronized void enter(ExtensionContext context) {
        if (server == null) {
            server = EmbeddedRedis.builder().options(options).start();
        }
        users.add(context.getUniqueId());
    }

    /** JUnit calls this even if another extension failed before {@link #enter} was called. */
    private synchronized void leave(ExtensionContext context) {
        if (users.remove(context.getUniqueId()) && users.isEmpty() && server != null) {
            server.close();
            server = null;
        }
    }
}
