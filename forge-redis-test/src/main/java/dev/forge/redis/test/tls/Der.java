package dev.forge.redis.test.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** Just enough of the encoding DER (X.690) to write a certificate. */
final class Der {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private Der() {}

    static byte[] sequence(byte[]... parts) {
        return tagged(0x30, parts);
    }

    static byte[] set(byte[] element) {
        return tagged(0x31, element);
    }

    /** A field that a reader recognises by its place, not by its type. */
    static byte[] explicit(int number, byte[] content) {
        return tagged(0xa0 + number, content);
    }

    static byte[] yes() {
        return tagged(0x01, new byte[] {(byte) 0xff});
    }

    static byte[] integer(BigInteger value) {
        return tagged(0x02, value.toByteArray());
    }

    static byte[] bits(byte[] bytes) {
        return tagged(0x03, new byte[] {0}, bytes);
    }

    static byte[] octets(byte[] bytes) {
        return tagged(0x04, bytes);
    }

    static byte[] text(String text) {
        return tagged(0x0c, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Good until 2049, when the two digits of the year end. */
    static byte[] time(Instant time) {
        return tagged(0x17, TIME.format(time).getBytes(StandardCharsets.US_ASCII));
    }

    /** An object identifier: the first two numbers share a byte, the others have seven bits in each. */
    static byte[] identifier(int... numbers) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.write(numbers[0] * 40 + numbers[1]);
        for (int index = 2; index < numbers.length; index++) {
            int number = numbers[index];
            for (int shift = 28; shift > 0; shift -= 7) {
                if (number >> shift != 0) {
                    content.write(0x80 | (number >> shift & 0x7f));
                }
            }
            content.write(number & 0x7f);
        }
        return tagged(0x06, content.toByteArray());
    }

    static byte[] tagged(int tag, byte[]... parts) {
        int length = List.of(parts).stream().mapToInt(part -> part.length).sum();
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        output.write(tag);
        if (length >= 0x100) {
            output.writeBytes(new byte[] {(byte) 0x82, (byte) (length >> 8), (byte) length});
        } else if (length >= 0x80) {
            output.writeBytes(new byte[] {(byte) 0x81, (byte) length});
        } else {
            output.write(length);
        }
        List.of(parts).forEach(output::writeBytes);
        return output.toByteArray();
    }
}
