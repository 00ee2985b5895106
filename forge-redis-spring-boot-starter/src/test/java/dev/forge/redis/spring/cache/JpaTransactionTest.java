package dev.forge.redis.spring.cache;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.cache.Cache;
import dev.forge.redis.cache.observe.Explanation;
import dev.forge.redis.test.RedisExtension;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Id;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Changes and look-ups in transactions of JPA, under READ COMMITTED. */
class JpaTransactionTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private static AnnotationConfigApplicationContext context;
    private static Books books;
    private static TransactionTemplate transaction;
    private static Cache<TypedValue> cache;
    private static volatile Runnable atCommit = () -> {};

    @Entity(name = "Book")
    static class Book {
        @Id
        long id;

        String title = "";
    }

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Application {
        @Bean
        DataSource source() {
            return new DriverManagerDataSource("jdbc:h2:mem:books;DB_CLOSE_DELAY=-1");
        }

        @Bean
        LocalContainerEntityManagerFactoryBean factory(DataSource source) {
            LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
            HibernateJpaVendorAdapter hibernate = new HibernateJpaVendorAdapter();
            hibernate.setGenerateDdl(true);
            factory.setJpaVendorAdapter(hibernate);
            factory.setDataSource(source);
            factory.setPackagesToScan(JpaTransactionTest.class.getPackageName());
            return factory;
        }

        @Bean
        PlatformTransactionManager transactions(EntityManagerFactory factory) {
            return new JpaTransactionManager(factory) {
                private static final long serialVersionUID = 1;

                @Override
                protected void doCommit(DefaultTransactionStatus status) {
                    atCommit.run();
                    super.doCommit(status);
                }
            };
        }

        @Bean
        Books books(EntityManagerFactory factory) {
            return new Books(SharedEntityManagerCreator.createSharedEntityManager(factory));
        }
    }

    static class Books {
        private final EntityManager entities;

        Books(EntityManager entities) {
            this.entities = entities;
        }

        @Cacheable("titles")
        public String title(long id) {
            return find(id);
        }

        @Cacheable(cacheNames = "titles", sync = true)
        public String titleSync(long id) {
            return find(id);
        }

        public String find(long id) {
            Book book = entities.find(Book.class, id);
            return book == null ? "none" : book.title;
        }

        @CacheEvict(cacheNames = "titles", key = "#id")
        public void rename(long id, String title) {
            Book book = new Book();
            book.id = id;
            book.title = title;
            entities.merge(book);
        }
    }

    @BeforeAll
    static void start() {
        context = CachingContext.start(Application.class, SERVER.url());
        books = context.getBean(Books.class);
        transaction = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
        cache = CachingContext.cache(context, "titles");
    }

    @AfterAll
    static void stop() {
        context.close();
    }

    private static void renameElsewhere(long id, String title) {
        CompletableFuture.runAsync(() -> transaction.executeWithoutResult(status -> books.rename(id, title)))
                .join();
    }

    @Test
    void keysAreFencedWhenTheEntitiesAreFlushed() {
        List<Explanation.State> seen = new ArrayList<>();
        atCommit = () -> seen.add(cache.explain("1").state());

        transaction.executeWithoutResult(status -> books.rename(1, "new"));

        atCommit = () -> {};
        assertThat(seen).containsExactly(Explanation.State.FENCE);
        assertThat(books.title(1)).isEqualTo("new");
        assertThat(books.title(1)).isEqualTo("new");
    }

    @Test
    void anEntityFromBeforeAChangeIsNotStored() {
        for (boolean readOnly : List.of(false, true)) {
            renameElsewhere(2, "old");
            TransactionTemplate reading = new TransactionTemplate(requireNonNull(transaction.getTransactionManager()));
            reading.setReadOnly(readOnly);
            reading.executeWithoutResult(status -> {
                assertThat(books.find(2)).isEqualTo("old");
                renameElsewhere(2, "new");
                // The EntityManager has the old entity, although READ COMMITTED would show the new row.
                assertThat(books.title(2)).isEqualTo("old");
                assertThat(books.titleSync(2)).isEqualTo("old");
            });

            assertThat(books.title(2)).isEqualTo("new");
        }
    }

    @Test
    void withOpenInViewNothingIsStoredThatHasChangedInTheLastThirtySeconds() {
        renameElsewhere(3, "old");
        EntityManagerFactory factory = context.getBean(EntityManagerFactory.class);
        EntityManager view = factory.createEntityManager();
        TransactionSynchronizationManager.bindResource(factory, new EntityManagerHolder(view));
        try {
            assertThat(books.find(3)).isEqualTo("old");
            renameElsewhere(3, "new");
            assertThat(books.title(3)).isEqualTo("old");
            transaction.executeWithoutResult(
                    status -> assertThat(books.title(3)).isEqualTo("old"));
            assertThat(books.title(4)).isEqualTo("none");
        } finally {
            TransactionSynchronizationManager.unbindResource(factory);
            view.close();
        }

        assertThat(books.title(3)).isEqualTo("new");
        assertThat(cache.explain("4").state()).isEqualTo(Explanation.State.VALUE);
    }
}
