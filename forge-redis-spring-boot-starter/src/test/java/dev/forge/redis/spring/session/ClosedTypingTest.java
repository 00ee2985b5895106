package dev.forge.redis.spring.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class ClosedTypingTest {

    private static final AtomicInteger LOADED = new AtomicInteger();

    private final SessionAttributes attributes =
            new SessionAttributes(List.of(), List.of(new SecurityTypes(), new CsrfTokenAttribute(), new FlashMaps()));

    /** What an attacker names: loading it is noticed. */
    public static final class Gadget {
        static {
            LOADED.incrementAndGet();
        }

        /** Sets a property, as a gadget does. */
        public void setCommand(String command) {
            LOADED.incrementAndGet();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"@\":\"GADGET\",\"command\":\"x\"}",
                "{\"@class\":\"GADGET\",\"command\":\"x\"}",
                "[\"GADGET\",{\"command\":\"x\"}]",
                "{\"@\":\"password-login\",\"authenticated\":true,\"principal\":{\"@\":\"GADGET\",\"command\":\"x\"},"
                        + "\"authorities\":[\"list\",[]]}",
                "{\"@\":\"password-login\",\"authenticated\":true,\"principal\":{\"@class\":\"GADGET\",\"command\":\"x\"},"
                        + "\"authorities\":[\"list\",[]]}",
                "{\"@\":\"remember-me-login\",\"keyHash\":1,\"principal\":[\"GADGET\",{}],\"authorities\":[\"list\",[]]}",
                "{\"@\":\"app.GADGET\"}",
                "{\"@\":\"org.springframework.security.authentication.TestingAuthenticationToken\"}",
                "{\"@\":\"java.util.HashMap\"}",
                "{\"@\":\"map\"}",
                "{\"@\":\"authority\",\"role\":\"ROLE_ADMIN\"}",
                "{}",
                "null",
                "nonsense",
                ""
            })
    void makesNoObjectOfAClassThatDataNames(String json, CapturedOutput output) {
        String text = "type:security-context:" + json.replace("GADGET", Gadget.class.getName());

        assertThat(attributes.read("SPRING_SECURITY_CONTEXT", text)).isEmpty();

        assertThat(LOADED).hasValue(0);
        assertThat(output).contains("'SPRING_SECURITY_CONTEXT' of type 'security-context' cannot be read");
    }

    @Test
    void logsAnUnreadableAttributeOnceAndNeverItsValue(CapturedOutput output) {
        for (int i = 0; i < 3; i++) {
            assertThat(attributes.read("car\nt", "type:cart:{\"secret\":1}")).isEmpty();
        }
        for (int i = 0; i < 1_000; i++) {
            assertThat(attributes.read("n" + i, "type:cart:x")).isEmpty();
        }

        assertThat(output.getOut().split("'car\\?t' of type 'cart'", -1)).hasSize(2);
        assertThat(output.getOut().split("cannot be read", -1)).hasSizeLessThan(110);
        assertThat(output).doesNotContain("secret");
    }
}
