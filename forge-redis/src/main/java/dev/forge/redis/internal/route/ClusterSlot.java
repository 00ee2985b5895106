package dev.forge.redis.internal.route;

/**
 * The slot of a cluster that a key belongs to.
 *
 * <p>Source: the Redis cluster specification. It is the CRC-16 (XMODEM) of the key, or of its hash tag: what is between
 * the first brace that opens and the next that closes, if that is not empty.
 */
public final class ClusterSlot {

    private static final int POLYNOMIAL = 0x1021;
    private static final char[] REMAINDERS = remainders();

    private ClusterSlot() {}

    /** Returns the slot of {@code key}. */
    public static int of(byte[] key) {
        int start = indexOf(key, '{', 0) + 1;
        int end = start == 0 ? -1 : indexOf(key, '}', start);
        return (end > start ? crc(key, start, end) : crc(key, 0, key.length)) % ClusterView.SLOTS;
    }

    private static int indexOf(byte[] key, char wanted, int from) {
        for (int i = from; i < key.length; i++) {
            if (key[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static int crc(byte[] bytes, int from, int to) {
        int crc = 0;
        for (int i = from; i < to; i++) {
            crc = (crc << 8 ^ REMAINDERS[(crc >>> 8 ^ bytes[i]) & 0xff]) & 0xffff;
        }
        return crc;
    }

    /** Returns the remainder of each byte, so that {@link #crc} takes one step for a byte and not eight. */
    private static char[] remainders() {
        char[] all = new char[256];
        for (int i = 0; i < all.length; i++) {
            int remainder = i << 8;
            for (int bit = 0; bit < 8; bit++) {
                remainder = (remainder & 0x8000) == 0 ? remainder << 1 : remainder << 1 ^ POLYNOMIAL;
            }
            all[i] = (char) remainder;
        }
        return all;
    }
}
