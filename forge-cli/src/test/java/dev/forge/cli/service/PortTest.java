package dev.forge.cli.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PortTest {
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "127.0.0.1"})
    void isNotFreeWhileAnotherProcessListens(String address) throws IOException {
        Port port;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName(address))) {
            port = new Port(server.getLocalPort());
            assertThat(port.isFree()).isFalse();
            assertThat(port.nextFree().orElseThrow()).isGreaterThan(port.number());
        }
        assertThat(port.isFree()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 65_536})
    void refusesNumbersThatAreNotPorts(int number) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Port(number))
                .withMessage("--port must be between 1 and 65535, but was " + number);
    }

    @ParameterizedTest
    @CsvSource({"8000, 8001", "65534, 65535", "65535, 65534"})
    void leavesThePortBesideItToTheHealthCheck(int port, int management) {
        assertThat(new Port(port).management()).isEqualTo(new Port(management));
    }

    @Test
    void hasNoNextFreePortAfterTheLast() {
        assertThat(new Port(65_535).nextFree()).isEmpty();
    }
}
