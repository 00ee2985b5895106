package dev.forge.redis.spring;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** All addresses that begin with some bits. Names are never looked up. */
record AddressRange(InetAddress start, int bits) {

    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
    private static final Pattern V4 = Pattern.compile("(" + OCTET + "\\.){3}" + OCTET);
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    /** Reads {@code 10.0.0.0/8} or a single address. */
    static AddressRange of(String text) {
        String[] parts = text.strip().split("/", 2);
        InetAddress start = address(parts[0]).orElseThrow(() -> invalid(text));
        int most = start.getAddress().length * Byte.SIZE;
        if (parts.length == 1) {
            return new AddressRange(start, most);
        }
        if (!parts[1].matches("\\d{1,3}") || Integer.parseInt(parts[1]) > most) {
            throw invalid(text);
        }
        return new AddressRange(start, Integer.parseInt(parts[1]));
    }

    /** Reads an address, or nothing if it is none. */
    static Optional<InetAddress> address(String text) {
        String address = text.indexOf('%') < 0 ? text : text.substring(0, text.indexOf('%'));
        if (!V4.matcher(address).matches() && !V6.matcher(address).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(address));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    boolean contains(InetAddress address) {
        byte[] mine = start.getAddress();
        byte[] other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >>> bit % Byte.SIZE;
            if ((mine[bit / Byte.SIZE] & mask) != (other[bit / Byte.SIZE] & mask)) {
                return false;
            }
        }
        return true;
    }

    private static IllegalArgumentException invalid(String text) {
        return new IllegalArgumentException(
                "a trusted proxy must be an address, or a range such as 10.0.0.0/8, but was '" + text + "'");
    }
}
