package dev.forge.redis.spring;

import jakarta.servlet.http.HttpServletRequest;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the address that a request comes from: that of the connection, unless a trusted proxy has made it.
 *
 * <p>A proxy adds the address that it was called from to the end of {@code X-Forwarded-For}. So the last entry that is no
 * trusted proxy is the caller; what stands before it is the caller's word, and worth nothing.
 */
final class CallerAddress {

    private static final Pattern WITH_PORT = Pattern.compile("\\[([^]]+)](:\\d+)?|([^:]+):\\d+");
    private static final int V6_CUSTOMER_BYTES = 8;

    private final List<AddressRange> trusted;

    CallerAddress(List<String> trustedProxies) {
        this.trusted = trustedProxies.stream().map(AddressRange::of).toList();
    }

    String of(HttpServletRequest request) {
        String remote = String.valueOf(request.getRemoteAddr());
        return AddressRange.address(remote)
                .map(address -> shown(caller(address, request)))
                .orElse(remote);
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

    /** A customer gets a /64 of IPv6 at least, and can use any address of it. */
    private static String shown(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address.getHostAddress();
        }
        return HexFormat.of().formatHex(address.getAddress(), 0, V6_CUSTOMER_BYTES) + "/64";
    }
}
