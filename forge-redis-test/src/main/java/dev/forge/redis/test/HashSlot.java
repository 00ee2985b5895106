package dev.forge.redis.test;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/** The cluster slot of a key: CRC-16/XMODEM of the key, or of its hash tag. */
final class HashSlot {
    static final int COUNT = 16_384;

    private static final int POLYNOMIAL = 0x1021;

    private HashSlot() {}

    static int of(String key) {
        int open = key.indexOf('{');
        int close = key.indexOf('}', open + 1);
        boolean tagged = open >= 0 && close > open + 1;
        String hashed = tagged ? key.substring(open + 1, close) : key;
        return crc16(hashed.getBytes(StandardCharsets.UTF_8)) % COUNT;
    }

    static int require(int slot) {
        if (slot < 0 || slot >= COUNT) {
            throw new IllegalArgumentException("slot must be from 0 to " + (COUNT - 1) + ", but was " + slot);
        }
        return slot;
    }

    /** A key in one of these slots, which must not be empty. */
    static String keyIn(BitSet slots) {
        for (int number = 0; ; number++) {
            String key = "forge-redis-test:" + number;
            if (slots.get(of(key))) {
                return key;
            }
        }
    }

    private static int crc16(byte[] content) {
        int crc = 0;
        for (byte next : content) {
            crc ^= (next & 0xff) << 8;
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ POLYNOMIAL;
            }
        }
        return crc & 0xffff;
    }
}
