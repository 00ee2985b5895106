package dev.forge.redis.spring.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.forge.redis.RedisManager;
import dev.forge.redis.session.SessionStore;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.security.core.session.SessionInformation;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.security.SpringSessionBackedSessionRegistry;
import org.springframework.web.servlet.FlashMap;

class ForgeSessionRepositoryTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private static final String PRINCIPAL = FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME;

    private static final String SAVED_REQUEST = "SPRING_SECURITY_SAVED_REQUEST";

    private static RedisManager redis;

    private static ForgeSessionRepository repository;

    /** A type of the application. */
    record Cart(List<String> articles) {}

    @BeforeAll
    static void connect() {
        redis = RedisManager.create(RedisSettings.of(SERVER.url()));
        repository = new ForgeSessionRepository(
                SessionStore.create(redis),
                new SessionAttributes(
                        List.of(SessionAttributeType.json("cart", Cart.class)), List.of(new FlashMaps())));
    }

    @AfterAll
    static void close() {
        redis.close();
    }

    @Test
    void changesAndEndsASessionThatWasFoundByItsUser() {
        ForgeHttpSession session = repository.createSession();
        session.setAttribute(PRINCIPAL, "ada");
        session.setAttribute("cart", new Cart(List.of("book")));
        repository.save(session);

        ForgeSession found =
                repository.findByPrincipalName("ada").values().iterator().next();
        assertThat(found.<Cart>getAttribute("cart")).isEqualTo(new Cart(List.of("book")));
        found.setAttribute("note", "expelled");
        found.removeAttribute("cart");
        repository.save(found);

        assertThat(found.getAttributeNames()).containsExactlyInAnyOrder(PRINCIPAL, "note");
        assertThat(requireNonNull(repository.findById(session.getId())).getAttributeNames())
                .containsExactlyInAnyOrder(PRINCIPAL, "note");
        assertThat(requireNonNull(repository.findById(found.getId())).<String>getAttribute("note"))
                .isEqualTo("expelled");
        repository.deleteById(found.getId());
        assertThat(repository.findById(session.getId())).isNull();
        assertThat(repository.findById(found.getId())).isNull();
    }

    @Test
    void logsNoUserInToASessionThatWasFound() {
        ForgeHttpSession session = repository.createSession();
        session.setAttribute(PRINCIPAL, "bob");
        repository.save(session);
        ForgeSession found =
                repository.findByPrincipalName("bob").values().iterator().next();

        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> found.setAttribute(PRINCIPAL, "eve"));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> found.removeAttribute("SPRING_SECURITY_CONTEXT"));
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(found::changeSessionId);
    }

    @ParameterizedTest
    @CsvSource({"0, 16300", "63, 1"})
    void givesTheRoomOfASavedRequestToALogin(int others, int characters) {
        ForgeHttpSession session = repository.createSession();
        for (int i = 1; i <= others; i++) {
            session.setAttribute("a" + i, i);
        }
        session.setAttribute(SAVED_REQUEST, "x".repeat(characters));
        repository.save(session);
        assertThat(stored(session)).contains(SAVED_REQUEST);

        session.setAttribute(PRINCIPAL, "fay");
        String seen = session.getAttribute(SAVED_REQUEST);
        repository.save(session);

        assertThat(seen).hasSize(characters);
        assertThat(stored(session)).hasSize(others + 1).contains(PRINCIPAL);
    }

    @Test
    void keepsASavedRequestWhereAnAttributeDoesNotFitWithoutItEither() {
        ForgeHttpSession session = repository.createSession();
        session.setAttribute(SAVED_REQUEST, "page");
        repository.save(session);

        assertThatIllegalArgumentException().isThrownBy(() -> session.setAttribute("large", "x".repeat(17_000)));
        repository.save(session);

        assertThat(stored(session)).containsExactly(SAVED_REQUEST);
    }

    private static Set<String> stored(ForgeHttpSession session) {
        return requireNonNull(repository.findById(session.getId())).getAttributeNames();
    }

    @ParameterizedTest
    @CsvSource({"62, 1", "1, 16250"})
    void expelsASessionThatHasNoRoomForAMark(int attributes, int characters) {
        ForgeHttpSession session = full("solo", attributes, characters);
        SpringSessionBackedSessionRegistry<ForgeSession> registry =
                new SpringSessionBackedSessionRegistry<>(repository);

        registry.getAllSessions("solo", false).forEach(SessionInformation::expireNow);

        assertThat(repository.findById(session.getId())).isNull();
        assertThat(registry.getAllSessions("solo", true)).isEmpty();
    }

    @Test
    void expelsASessionWithoutRoomByItsIdToo() {
        ForgeHttpSession session = full("mono", 62, 1);

        requireNonNull(new SpringSessionBackedSessionRegistry<>(repository).getSessionInformation(session.getId()))
                .expireNow();

        assertThat(repository.findById(session.getId())).isNull();
        assertThat(repository.findByPrincipalName("mono")).isEmpty();
    }

    /** Returns a saved session of {@code user} with these attributes and one more. */
    private static ForgeHttpSession full(String user, int attributes, int characters) {
        ForgeHttpSession session = repository.createSession();
        session.setAttribute(PRINCIPAL, user);
        session.setAttribute("last", 1);
        for (int i = 1; i <= attributes; i++) {
            session.setAttribute("a" + i, "x".repeat(characters));
        }
        repository.save(session);
        return session;
    }

    @Test
    void explainsWhatItCannotStoreAndWhatToDo() {
        ForgeHttpSession session = repository.createSession();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> session.setAttribute("since", Duration.ZERO))
                .withMessageContaining("'since' must be a String")
                .withMessageContaining("but was a java.time.Duration")
                .withMessageContaining("SessionAttributeType.json(\"some-name\", Duration.class)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> session.setAttribute("list", List.of(List.of(Duration.ZERO))))
                .withMessageContaining("that holds a java.time.Duration")
                .withMessageContaining("SessionAttributeType.json(\"some-name\", Duration.class)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> session.setAttribute("map", new HashMap<>(Map.of(1, 2)) {
                    private static final long serialVersionUID = 1;
                }));
        assertThat(session.getAttributeNames()).isEmpty();
    }

    @Test
    void refusesTheAttributeThatTheStoreWouldRefuseAndKeepsTheOthers() {
        ForgeHttpSession session = repository.createSession();
        for (int i = 1; i <= 63; i++) {
            session.setAttribute("a" + i, i);
        }

        assertThatIllegalArgumentException()
                .isThrownBy(() -> session.setAttribute("n".repeat(129), "long"))
                .withMessageContaining("from 1 to 128 characters");
        assertThatIllegalArgumentException().isThrownBy(() -> session.setAttribute(" ", "blank"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> session.setAttribute("half", "\ud83d"))
                .withMessageContaining("valid Unicode");
        session.setAttribute("a64", 64);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> session.setAttribute("a65", 65))
                .withMessageContaining("at most 64 attributes");

        session.removeAttribute("a1");
        session.setAttribute(PRINCIPAL, "cid");
        repository.save(session);
        assertThat(requireNonNull(repository.findById(session.getId())).getAttributeNames())
                .hasSize(64)
                .contains(PRINCIPAL);
    }

    @Test
    void aLoginOfAUserThatTheStoreWouldRefuseChangesNothing() {
        ForgeHttpSession session = repository.createSession();
        session.setAttribute(PRINCIPAL, "dan");
        repository.save(session);

        for (String user : List.of("x".repeat(257), " ")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> session.setAttribute(PRINCIPAL, user))
                    .withMessageContaining("256 characters");
        }
        repository.save(session);

        assertThat(session.<String>getAttribute(PRINCIPAL)).isEqualTo("dan");
        assertThat(requireNonNull(repository.findById(session.getId())).<String>getAttribute(PRINCIPAL))
                .isEqualTo("dan");
    }

    @Test
    void explainsWhichFlashAttributeItCannotStore() {
        ForgeHttpSession session = repository.createSession();
        FlashMap flash = new FlashMap();
        flash.put("since", Duration.ZERO);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> session.setAttribute("flash", new CopyOnWriteArrayList<>(List.of(flash))))
                .withMessageContaining("'since' must be")
                .withMessageContaining("java.time.Duration");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> session.setAttribute("flash", new CopyOnWriteArrayList<>(List.of("a"))))
                .withMessageContaining("'flash' must be");
    }
}
