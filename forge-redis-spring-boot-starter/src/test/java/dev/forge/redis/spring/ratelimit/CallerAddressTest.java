package dev.forge.redis.spring.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.filter.ForwardedHeaderFilter;

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
                    10.1.1.1%eth0  | 1.1.1.1                                 | 10.1.1.1%eth0
                    198.51.100.1:9 | -                                       | 198.51.100.1
                    [2001:db9::1]:9 | -                                      | 20010db900000000/64
                    10.1.1.1       | .:1                                     | 10.1.1.1
                    10.1.1.1       | 1.1.1.1%eth0                            | 10.1.1.1
                    10.1.1.1       | fe80::2%eth0                            | fe80000000000000/64
                    10.1.1.1       | :::                                     | 10.1.1.1
                    10.1.1.1       | 1:2:3:4:5:6:7:8:9                       | 10.1.1.1
                    10.1.1.1       | ::ffff:1.1.1.1                          | 1.1.1.1
                    10.1.1.1       | ::ffff:101:101                          | 1.1.1.1
                    10.1.1.1       | 1.1.1.1, ::ffff:10.2.2.2                | 1.1.1.1
                    """)
    void isTheLastAddressThatIsNotATrustedProxy(String connected, String forwarded, String caller) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setRemoteAddr(connected);
        if (forwarded != null) {
            request.addHeader("X-Forwarded-For", forwarded);
        }

        assertThat(addresses.of(request)).isEqualTo(caller);
    }

    @ParameterizedTest
    @CsvSource({
        "64:ff9b::192.0.2.33, 192.0.2.33",
        "64:ff9b::c000:221, 192.0.2.33",
        "64:ff9b::ffff:ffff, 255.255.255.255",
        "64:ff9b:0:0:1::1, 0064ff9b00000000/64",
        "64:ff9b:1::192.0.2.33, 0064ff9b0001000000000000c0000221",
        "64:ff9b:1:fffe::192.0.2.33, 0064ff9b0001fffe00000000c0000221",
        "64:ff9b:2::1, 0064ff9b00020000/64",
        "2002:c000:221:5::1, 2002c00002210005/64",
        "2001:0:c000:221::1, 20010000c0000221/64",
        "::192.0.2.33, 0000000000000000/64"
    })
    void countsIpv4CallersBehindATranslatorSeparately(String connected, String caller) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setRemoteAddr(connected);

        assertThat(addresses.of(request)).isEqualTo(caller);
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0/0, 200.9.9.9, true",
        "::/0, 2001:db8::1, true",
        "::ffff:10.0.0.0/104, 10.9.9.9, true",
        "::ffff:10.0.0.0/104, 11.9.9.9, false",
        "::ffff:a00:0/104, 10.9.9.9, true",
        "::ffff:10.0.0.0/104, ::ffff:10.9.9.9, true",
        "::ffff:192.0.2.7, 192.0.2.7, true",
        "::ffff:192.0.2.7/128, 192.0.2.8, false",
        "::ffff:0.0.0.0/96, 203.0.113.9, true",
        "::ffff:0.0.0.0/96, 2001:db8::1, false",
        "10.0.0.0/8, 64:ff9b::10.9.9.9, false",
        "64:ff9b::10.0.0.0/104, 64:ff9b::10.9.9.9, true",
        "fe80::/10, fe80::1%eth0, true"
    })
    void trustsARangeInAnyNotation(String range, String connected, boolean trusted) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setRemoteAddr(connected);
        request.addHeader("X-Forwarded-For", "203.0.113.77");

        String caller = new CallerAddress(List.of(range)).of(request);

        assertThat(caller.equals("203.0.113.77")).isEqualTo(trusted);
    }

    @Test
    void isShortAndValidUnicodeWhateverTheServerReports() {
        for (String remote : List.of("x".repeat(100_000), ":".repeat(100_000) + "x", "\ud800")) {
            MockHttpServletRequest request = new MockHttpServletRequest();
            request.setRemoteAddr(remote);

            assertThat(addresses.of(request)).isEqualTo("unknown");
        }
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
    @CsvSource(delimiter = '|', textBlock = """
                    198.51.100.1   | 6.6.6.6                 | 198.51.100.1
                    10.1.1.1       | 6.6.6.6, 203.0.113.9    | 203.0.113.9
                    10.1.1.1       | 10.1.1.1, 203.0.113.9   | 203.0.113.9
                    """)
    void trustsNoMoreBehindTheFilterOfSpringForForwardedHeaders(String connected, String forwarded, String caller)
            throws Exception {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setRemoteAddr(connected);
        request.addHeader("X-Forwarded-For", forwarded);

        HttpServletRequest seen = behindTheFilter(request);

        assertThat(addresses.of(seen)).isEqualTo(caller);
        assertThat(addresses.of(new HttpServletRequestWrapper(seen))).isEqualTo(caller);
    }

    @Test
    void takesTheAddressThatTheApplicationGivesARequest() throws Exception {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setRemoteAddr("10.1.1.1");
        request.addHeader("X-Forwarded-For", "6.6.6.6");

        assertThat(addresses.of(behindTheFilter(from("198.51.100.7", request)))).isEqualTo("198.51.100.7");
        assertThat(addresses.of(from("198.51.100.7", behindTheFilter(request)))).isEqualTo("198.51.100.7");
    }

    private static HttpServletRequest from(String address, HttpServletRequest request) {
        return new HttpServletRequestWrapper(request) {
            @Override
            public String getRemoteAddr() {
                return address;
            }
        };
    }

    private static HttpServletRequest behindTheFilter(HttpServletRequest request) throws ServletException, IOException {
        AtomicReference<HttpServletRequest> seen = new AtomicReference<>();
        new ForwardedHeaderFilter()
                .doFilter(
                        request,
                        new MockHttpServletResponse(),
                        (passedOn, response) -> seen.set((HttpServletRequest) passedOn));
        return seen.get();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.com",
                "10.0.0.0/33",
                "10.0.0.0/x",
                "::/129",
                "10.0.0",
                "1.2.3.4.",
                "/8",
                "::ffff:10.0.0.0/8",
                "::ffff:10.0.0.0/95",
                "::ffff:10.0.0.0/129",
                ".:1",
                "10.0.0.1%eth0"
            })
    void rejectsTrustedProxiesThatAreNotAddresses(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> new CallerAddress(List.of(text)));
    }
}
