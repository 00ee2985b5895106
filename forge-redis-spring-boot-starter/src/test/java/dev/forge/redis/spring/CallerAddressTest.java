package dev.forge.redis.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

class CallerAddressTest {

    private final CallerAddress addresses = new CallerAddress(List.of("10.0.0.0/8", "2001:db8::/33", "192.0.2.7"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    198.51.100.1   | -                                       | 198.51.100.1
                    198.51.100.1   | 1.1.1.1                                 | 198.51.100.1
                    10.1.1.1       | -                                       | 10.1.1.1
                    10.1.1.1       | 1.1.1.1                                 | 1.1.1.1
                    192.0.2.7      | 6.6.6.6, 1.1.1.1                        | 1.1.1.1
                    192.0.2.8      | 6.6.6.6, 1.1.1.1                        | 192.0.2.8
                    10.1.1.1       | 6.6.6.6, 1.1.1.1, 10.2.2.2 , 192.0.2.7  | 1.1.1.1
                    10.1.1.1       | 10.3.3.3                                | 10.3.3.3
                    10.1.1.1       | 1.1.1.1:8080                            | 1.1.1.1
                    10.1.1.1       | [2001:db9::1]:443                       | 20010db900000000/64
                    10.1.1.1       | 6.6.6.6, unknown                        | 10.1.1.1
                    10.1.1.1       | 6.6.6.6, example.com, 10.2.2.2          | 10.2.2.2
                    10.1.1.1       | 1.1.1.256                               | 10.1.1.1
                    10.1.1.1       | ''                                      | 10.1.1.1
                    2001:db8::1    | 2001:db9:1:2:3:4:5:6                    | 20010db900010002/64
                    2001:db8:8000::1 | 1.1.1.1                               | 20010db880000000/64
                    ::ffff:10.1.1.1| 1.1.1.1                                 | 1.1.1.1
                    fe80::1%eth0   | -                                       | fe80000000000000/64
                    nonsense       | 1.1.1.1                                 | nonsense
                    """)
    void isTheLastThatNoTrustedProxyHas(String connected, String forwarded, String caller) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setRemoteAddr(connected);
        if (forwarded != null) {
            request.addHeader("X-Forwarded-For", forwarded);
        }

        assertThat(addresses.of(request)).isEqualTo(caller);
    }

    @Test
    void readsTheHeaderThatTheLastProxyAddedLast() {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setRemoteAddr("10.1.1.1");
        request.addHeader("X-Forwarded-For", "6.6.6.6");
        request.addHeader("X-Forwarded-For", "1.1.1.1");

        assertThat(addresses.of(request)).isEqualTo("1.1.1.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "example.com", "10.0.0.0/33", "10.0.0.0/x", "::/129", "10.0.0", "1.2.3.4.", "/8"})
    void trustsNothingThatIsNoAddress(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> new CallerAddress(List.of(text)));
    }
}
