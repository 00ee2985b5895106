package dev.forge.redis.spring.ratelimit;

import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** All addresses with a common prefix of bits. Never looks up a name. */
record AddressRange(InetAddress start, int bits) {

    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
    private static final Pattern V4 = Pattern.compile("(" + OCTET + "\\.){3}" + OCTET);
    private static final Pattern V6 = Pattern.compile("(?=[^:]*:)[0-9a-fA-F:.]{2,45}");
    private static final int MAPPED_BITS = 96;

    /** Reads {@code 10.0.0.0/8}, the same written as IPv6 ({@code ::ffff:10.0.0.0/104}), or a single address. */
    static AddressRange of(String text) {
        String[] parts = text.strip().split("/", 2);
        InetAddress start = address(parts[0]).orElseThrow(() -> invalid(text));
        int most = start.getAddress().length * Byte.SIZE;
        if (parts.length == 1) {
            return new AddressRange(start, most);
        }
        if (!parts[1].matches("\\d{1,3}")) {
            throw invalid(text);
        }
        // An IPv4 address in IPv6 notation is parsed as IPv4, but its prefix length counts the bits before it too.
        boolean isMapped = start instanceof Inet4Address && parts[0].indexOf(':') >= 0;
        int bits = Integer.parseInt(parts[1]) - (isMapped ? MAPPED_BITS : 0);
        if (bits < 0 || bits > most) {
            throw invalid(text);
        }
        return new AddressRange(start, bits);
    }

    /** Reads an address; empty if it is not one. */
    static Optional<InetAddress> address(String text) {
        int zone = text.indexOf('%');
        String v6 = zone < 0 ? text : text.substring(0, zone);
        boolean isV4 = V4.matcher(text).matches();
        if (!isV4 && !V6.matcher(v6).matches()) {
            return Optional.empty();
        }
        try {
            // Java never looks up a text in brackets as a name.
            return Optional.of(InetAddress.getByName(isV4 ? text : "[" + v6 + "]"));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    boolean contains(InetAddress address) {
        byte[] mine = start.getAddress();
        byte[] other = address.getAddress();
        int ignored = mine.length * Byte.SIZE - bits;
        return mine.length == other.length
                && new BigInteger(1, mine).shiftRight(ignored).equals(new BigInteger(1, other).shiftRight(ignored));
    }

    private static IllegalArgumentException invalid(String text) {
        return new IllegalArgumentException(
                "a trusted proxy must be an address, or a range such as 10.0.0.0/8 or ::ffff:10.0.0.0/104, but was '"
                        + text + "'");
    }
}
