package dev.forge.redis.internal.tls;

import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;

/** The name of the server in a TLS handshake (SNI), which the JDK does not send if it has no dot. */
public final class ServerNames {

    private static final Pattern IP_4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private ServerNames() {}

    /** Makes {@code parameters} send {@code host}, unless that is an address or no valid name. */
    public static void send(String host, SSLParameters parameters) {
        if (host.indexOf(':') >= 0 || IP_4.matcher(host).matches()) {
            return;
        }
        try {
            parameters.setServerNames(List.of(new SNIHostName(host)));
        } catch (IllegalArgumentException e) {
            // Not a valid name: none is sent.
        }
    }
}
