package dev.forge.redis.spring.ratelimit;

import dev.forge.redis.key.RedisKey;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.web.filter.ForwardedHeaderFilter;

/**
 * Finds the address that a request comes from: that of the connection, unless it is that of a trusted proxy.
 *
 * <p>A proxy appends the address of its own caller to {@code X-Forwarded-For}. So the last entry that is not a trusted
 * proxy is the caller. Entries before it may be forged by the caller, and are ignored.
 *
 * <p>Spring's {@link ForwardedHeaderFilter} trusts the first entry, and hides the header. What it makes of a request does
 * not count here.
 */
final class CallerAddress {

    private static final Pattern WITH_PORT = Pattern.compile("\\[([^]]+)](:\\d+)?|([^:]+):\\d+");
    private static final int LONGEST_NAME = 1024;
    private static final int V6_CUSTOMER_BYTES = 8;

    /** IPv4 addresses behind a translator to IPv6 (RFC 6052), in the last four bytes. */
    private static final AddressRange TRANSLATED = AddressRange.of("64:ff9b::/96");

    /** IPv4 addresses behind a local translator (RFC 8215), which chooses their position in the address. */
    private static final AddressRange TRANSLATED_LOCALLY = AddressRange.of("64:ff9b:1::/48");

    private static final int V4_IN_V6 = 12;

    private final List<AddressRange> trusted;

    CallerAddress(List<String> trustedProxies) {
        this.trusted = trustedProxies.stream().map(AddressRange::of).toList();
    }

    /** Returns the address to count by; at most 1024 characters, and always valid Unicode. */
    String of(HttpServletRequest seen) {
        HttpServletRequest request = received(seen);
        String remote = String.valueOf(request.getRemoteAddr());
        // A server that handles forwarded headers itself passes on what a proxy wrote, possibly with a port.
        return AddressRange.address(remote.length() > LONGEST_NAME ? "" : withoutPort(remote))
                .map(address -> shown(caller(address, request)))
                .orElse(remote.length() <= LONGEST_NAME && RedisKey.isUnicode(remote) ? remote : "unknown");
    }

    /**
     * Returns the request that {@link ForwardedHeaderFilter} received, unless the application has changed the address since.
     */
    private static HttpServletRequest received(HttpServletRequest seen) {
        ServletRequest request = seen;
        while (request instanceof ServletRequestWrapper wrapper) {
            request = wrapper.getRequest();
            // The wrappers of the filter are its private classes.
            if (wrapper.getClass().getEnclosingClass() == ForwardedHeaderFilter.class
                    && Objects.equals(wrapper.getRemoteAddr(), seen.getRemoteAddr())
                    && request instanceof HttpServletRequest http) {
                return http;
            }
        }
        return seen;
    }

    private InetAddress caller(InetAddress connected, HttpServletRequest request) {
        InetAddress caller = connected;
        String[] entries = String.join(",", Collections.list(request.getHeaders("X-Forwarded-For")))
                .split(",", -1);
        for (int i = entries.length - 1; i >= 0 && isTrusted(caller); i--) {
            Optional<InetAddress> before = AddressRange.address(withoutPort(entries[i].strip()));
            if (before.isEmpty()) {
                return caller;
            }
            caller = before.get();
        }
        return caller;
    }

    private boolean isTrusted(InetAddress address) {
        return trusted.stream().anyMatch(range -> range.contains(address));
    }

    private static String withoutPort(String entry) {
        Matcher matcher = WITH_PORT.matcher(entry);
        if (!matcher.matches()) {
            return entry;
        }
        return matcher.group(1) != null ? matcher.group(1) : matcher.group(3);
    }

    /**
     * The /64 of an IPv6 address, because a customer gets at least a /64 and can use any address in it. Translated IPv4
     * addresses share a /64, and are distinguished by the other bits.
     */
    private static String shown(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address.getHostAddress();
        }
        byte[] bytes = address.getAddress();
        if (TRANSLATED.contains(address)) {
            return IntStream.range(V4_IN_V6, bytes.length)
                    .mapToObj(i -> String.valueOf(Byte.toUnsignedInt(bytes[i])))
                    .collect(Collectors.joining("."));
        }
        if (TRANSLATED_LOCALLY.contains(address)) {
            return HexFormat.of().formatHex(bytes);
        }
        return HexFormat.of().formatHex(bytes, 0, V6_CUSTOMER_BYTES) + "/64";
    }
}
