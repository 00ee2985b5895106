package dev.forge.redis.internal.health;

import dev.forge.redis.health.Finding;
import dev.forge.redis.health.Finding.Code;
import dev.forge.redis.health.Finding.Severity;
import dev.forge.redis.settings.RedisEndpoint;
import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import dev.forge.redis.settings.RedisSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Findings about the connection to the server, from the settings alone. */
final class TransportSecurity {

    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|.*\\.localhost|127(\\.\\d{1,3}){3}|::1|(0:){7}1", Pattern.CASE_INSENSITIVE);

    private TransportSecurity() {}

    /** Returns the findings about {@code settings}, with which a connection was accepted. */
    static List<Finding> look(RedisSettings settings) {
        List<Finding> findings = new ArrayList<>();
        List<HostAndPort> hosts = hosts(settings.endpoint());
        boolean remote =
                hosts.stream().anyMatch(host -> !LOOPBACK.matcher(host.host()).matches());
        boolean open = settings.login().isNone();
        if (remote && !settings.tls().enabled()) {
            findings.add(new Finding(
                    Code.NO_TLS,
                    open ? Severity.WARNING : Severity.SEVERE,
                    "The connection to " + settings.endpoint() + " is not encrypted"
                            + (open ? "." : ", and the password is sent over it."),
                    "Anyone on the network path can read and change values and sessions"
                            + (open ? "." : ", and log in with the intercepted password."),
                    "In redis.conf:\ntls-port 6379\nport 0\ntls-cert-file /etc/redis/redis.crt\n"
                            + "tls-key-file /etc/redis/redis.key\ntls-auth-clients no\n"
                            + "For the application: rediss:// instead of redis:// in REDIS_CONNECTION_URL, and"
                            + " REDIS_TLS_CA_FILE if the certificate is from a CA of your own."));
        }
        if (settings.tls().enabled() && !settings.tls().verify()) {
            findings.add(new Finding(
                    Code.UNVERIFIED_TLS,
                    remote ? Severity.SEVERE : Severity.WARNING,
                    "The certificate of " + settings.endpoint() + " is not verified.",
                    "Anyone on the network path can pose as the server, and gets the password.",
                    "Remove REDIS_TLS_VERIFY=none and name the CA of the server: REDIS_TLS_CA_FILE=/path/ca.pem"));
        }
        if (open && remote) {
            findings.add(new Finding(
                    Code.NO_PASSWORD,
                    Severity.SEVERE,
                    "The server at " + settings.endpoint() + " requires no password.",
                    "Anyone who reaches its port can read, change and delete all data, and may run code on its host.",
                    "Give Forge a user of its own (docs/acl.md), and then:\nredis-cli ACL SETUSER default off"));
        } else if (open && !hosts.isEmpty()) {
            findings.add(Finding.notChecked(
                    "Whether other machines can reach the server, which requires no password,",
                    "Forge does not use CONFIG",
                    "redis-cli CONFIG GET bind\nredis-cli CONFIG GET protected-mode"));
        }
        return findings;
    }

    private static List<HostAndPort> hosts(RedisEndpoint endpoint) {
        if (endpoint instanceof RedisEndpoint.Node node) {
            return List.of(node.address());
        }
        if (endpoint instanceof RedisEndpoint.Sentinels sentinels) {
            return sentinels.sentinels();
        }
        return endpoint instanceof RedisEndpoint.Cluster cluster ? cluster.seeds() : List.of();
    }
}
