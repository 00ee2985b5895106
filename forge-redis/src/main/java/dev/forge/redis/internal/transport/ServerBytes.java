package dev.forge.redis.internal.transport;

/** Recognizes the first bytes from a server, and shows them as text. */
final class ServerBytes {

    /** How many bytes are needed to recognize and show them. */
    static final int ENOUGH = 65;

    private static final int LONGEST_SHOWN = ENOUGH - 1;

    // The first bytes of a reply to HELLO in RESP3: a map, an error, or a push or attribute before it.
    private static final String ANSWERS_TO_HELLO = "%-*>|!";

    private static final int TLS_ALERT = 0x15;
    private static final int TLS_HANDSHAKE = 0x16;
    private static final int TLS_MAJOR_VERSION = 3;

    private ServerBytes() {}

    static boolean mayAnswerHello(byte[] first) {
        return ANSWERS_TO_HELLO.indexOf(first[0]) >= 0;
    }

    /** Returns whether they begin a reply of Redis to PING: a simple string or an error. */
    static boolean isRedis(byte[] first) {
        return first.length > 0 && (first[0] == '+' || first[0] == '-');
    }

    /** Returns whether they begin a TLS record: an alert or a handshake. */
    static boolean isTls(byte[] first) {
        return first.length > 0
                && (first[0] == TLS_ALERT || first[0] == TLS_HANDSHAKE)
                && (first.length < 2 || first[1] == TLS_MAJOR_VERSION);
    }

    /** Returns the first line in quotes if it is printable; else all bytes, the unprintable ones as {@code \x00}. */
    static String shown(byte[] first) {
        StringBuilder shown = new StringBuilder("\"");
        int end = lineEnd(first);
        for (int i = 0; i < Math.min(end, LONGEST_SHOWN); i++) {
            int b = first[i] & 0xff;
            if (b == '"' || b == '\\') {
                shown.append('\\').append((char) b);
            } else if (isPrintable(b)) {
                shown.append((char) b);
            } else {
                shown.append(String.format("\\x%02x", b));
            }
        }
        return shown.append(end > LONGEST_SHOWN ? "…\"" : "\"").toString();
    }

    private static int lineEnd(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\r' || bytes[i] == '\n') {
                return i;
            }
            if (!isPrintable(bytes[i] & 0xff)) {
                break;
            }
        }
        return bytes.length;
    }

    private static boolean isPrintable(int b) {
        return b >= ' ' && b < 0x7f;
    }
}
