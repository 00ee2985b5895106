package dev.forge.redis.spring.aot;

import dev.forge.redis.RedisManager;
import dev.forge.redis.session.SessionStore;
import dev.forge.redis.spring.cache.ForgeCache;
import dev.forge.redis.spring.cache.InvalidateTag;
import java.util.List;
import java.util.Map;
import org.springframework.aot.AotDetector;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Uses a cache with tags, a session and two servers, and prints what it sees. */
@Configuration(proxyBeanMethods = false)
@EnableCaching
@ImportAutoConfiguration({
    dev.forge.redis.spring.connection.ForgeRedisAutoConfiguration.class,
    dev.forge.redis.spring.cache.ForgeCacheManagerAutoConfiguration.class,
    dev.forge.redis.spring.session.ForgeSessionAutoConfiguration.class
})
public class ProcessedApplication {

    /** A cached value. */
    public record Book(String title, List<Author> authors) {}

    /** A part of one. */
    public record Author(String name) {}

    /** A key. */
    public record Shelf(String room, int number) {}

    /** Cached methods. */
    public static class Books {
        private int calls;

        /** Returns a book that differs from call to call. */
        @Cacheable("books")
        @ForgeCache(tags = "room:#{#shelf.room}")
        public Book book(Shelf shelf) {
            return new Book("Title " + ++calls, List.of(new Author("Ada")));
        }

        /** Invalidates the books of a room. */
        @InvalidateTag(value = "room:#{#room}", cacheNames = "books")
        public void tidy(String room) {}
    }

    /** Uses both servers. */
    public static class Servers {
        private final RedisManager plain;
        private final RedisManager cache;

        /** Made by Spring. */
        public Servers(RedisManager plain, @Qualifier("cache") RedisManager cache) {
            this.plain = plain;
            this.cache = cache;
        }
    }

    /** Returns the cached methods. */
    @Bean
    public Books books() {
        return new Books();
    }

    /** Returns what uses both servers. */
    @Bean
    public Servers servers(RedisManager plain, @Qualifier("cache") RedisManager cache) {
        return new Servers(plain, cache);
    }

    /** Runs it once. */
    public static void main(String[] args) {
        try (ConfigurableApplicationContext context = SpringApplication.run(ProcessedApplication.class, args)) {
            Books books = context.getBean(Books.class);
            Shelf shelf = new Shelf("a", 1);
            System.out.println("processed: " + AotDetector.useGeneratedArtifacts());
            System.out.println("miss: " + books.book(shelf).title());
            System.out.println("hit: " + books.book(shelf).title());
            books.tidy("a");
            System.out.println("invalidated: " + books.book(shelf).authors());
            SessionStore sessions = context.getBean(SessionStore.class);
            System.out.println("session: "
                    + sessions.get(sessions.create("ada", Map.of()).id().value())
                            .isPresent());
            Servers servers = context.getBean(Servers.class);
            System.out.println("servers: " + (servers.plain != servers.cache));
            servers.cache.setSync("server", "other");
        }
    }
}
