package attacker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;

import java.util.ArrayList;
import java.util.List;

/** Requests that are wrong in one way each, as bytes of ISO 8859-1. */
final class MalformedRequests {
    private static final String[] TARGETS = {
        "/cached-data?key=%ff%fe", "/cached-data?key=%", "/cached-data?key=%0", "/cached-data?key=%zz", "/cached-data?key=%00",
        "/cached-data?key=%c3%28", "/cached-data?key=%ed%a0%80", "/cached-data?key=", "/cached-data", "/cached-data?key=a&key=b",
        "/cached-data?key[]=a", "/cached-data?%ff=%ff", "/cached-data/by-hand?key=%ff", "/cached-data?key=\u00ff\u00fe",
        "/users/9999999999999999999999/profile", "/users/-1/profile", "/users/1e5/profile", "/users/0x1/profile",
        "/users/%d9%a1/profile", "/users/%00/profile", "/users/1;a=b/profile", "/users//profile", "/users/1/profile/",
        "/tasks/not-a-uuid", "/tasks/0-0-0-0-0", "/tasks/%ff", "/direct/%00", "/direct/%ff", "/direct/a%2fb", "/direct/%5c",
        "/direct/..%2f..%2fetc", "/../../etc/passwd", "/%2e%2e/", "//", "/;jsessionid=1", "/error", "/api/..;/ping",
        "/actuator/health", "/sessions/current?%", "/docs", "*", "http://other/api/ping", "/a b", "\u00e4", "/{x}", "/<>|^`",
        "/health/redis?%ff", "/direct/" + "x".repeat(65), "/cached-data?key=" + "x".repeat(7000), "/" + "x".repeat(20000),
    };
    private static final String[] HEADERS = {
        "Cookie: __Host-session=%ff", "Cookie: __Host-session=" + "A".repeat(43), "Cookie: __Host-session=\u0000", "Cookie: \u00ff=\u00fe;;=",
        "Cookie: __Host-session=a; __Host-session=b", "Accept: nonsense", "Accept: application/yaml", "Accept: */;q=2", "Accept: text/html",
        "Accept-Language: \u00ff\u00fe-;q=x", "Accept-Charset: nope", "Range: bytes=-1-", "If-Modified-Since: never", "If-None-Match: \"", "Origin: null\r\nAccess-Control-Request-Method: X",
        "X-Forwarded-For: ,,,\u00ff", "X-Forwarded-For: 999.1.1.1, ::x", "X-Forwarded-For: " + "1.2.3.4,".repeat(500), "Forwarded: for=\"", "Expect: nonsense",
        "Content-Length: -1", "Content-Length: 5\r\nContent-Length: 6", "Content-Length: 99999999999999999999", "Transfer-Encoding: gzip",
        "Transfer-Encoding: chunked\r\nContent-Length: 5", "Upgrade: h2c\r\nConnection: Upgrade", "X: " + "y".repeat(9000), "NoColon", ": empty",
        "Traceparent: 00-\u00ff", "X-HTTP-Method-Override: DELETE",
    };
    private static final String[] TYPES = {
        "application/json;charset=nope", "application/json;charset=utf-7", "application/json;charset=\"", "application/json;charset=utf-32",
        "application/yaml", "application/cbor", "application/xml", "text/plain", "multipart/form-data; boundary=a", "multipart/form-data",
        "application/x-www-form-urlencoded", "application/x-www-form-urlencoded;charset=nope", "application/json; =", "/", "*/*", "\u00ff/\u00fe", "",
    };
    private static final String[] BODIES = {
        "{\"a\":\"\u00ff\u00fe\"}", "{\"a\":\"\u00ed\u00a0\u0080\"}", "{\"a\":\"\\ud800\"}", "{\"\\udfff\":\"b\"}", "{\"a\":\"\\u0000\"}", "\u0000", "",
        "null", "[]", "1", "\"", "{", "{}", "{\"a\":1e999999999}", "{\"a\":" + "9".repeat(2000) + "}", "[".repeat(5000), "{\"a\":".repeat(1000),
        "{\"user\":\"\\ud800\",\"password\":\"\\udfff\"}", "{\"user\":null,\"password\":null,\"data\":null}", "{\"user\":[],\"password\":{}}",
        "{\"user\":\"ada\",\"password\":\"x\",\"data\":{\"\\ud800\":\"\\ud800\"}}", "{\"user\":\"ada\",\"password\":\"\\u0000\"}",
        "{\"user\":\"ada\",\"password\":\"" + "p".repeat(60000) + "\"}", "{\"user\":\"\",\"password\":\"\"}", "{\"user\":\"a\",\"user\":\"b\",\"password\":\"c\"}",
        "{\"name\":\"\\ud800\",\"email\":\"a@example.com\"}", "{\"name\":\"a\\u0000b\",\"email\":\"a@example.com\"}", "{\"name\":\"a\",\"email\":\"@\"}",
        "{\"name\":\"" + "n".repeat(60000) + "\",\"email\":\"a@example.com\"}", "{\"key\":\"\\ud800\"}", "{\"key\":\"\\u0000\"}", "{\"key\":null}", "{\"key\":{}}",
        "{\"key\":\"" + "\\ud83d\\ude00".repeat(150) + "\"}", "\u00ef\u00bb\u00bf{\"key\":\"bom\"}", new String("{\"key\":\"a\"}".getBytes(UTF_16), ISO_8859_1),
    };
    private static final String[] WRITING = {"POST /sessions", "POST /tasks", "PUT /direct/x", "PUT /users/2/profile"};
    private static final String[] NOT_HTTP = {
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n", "*1\r\n$4\r\nPING\r\n", "\r\n\r\n\r\n", "GET  /  HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /tasks HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
        "POST /tasks HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nffffffffffffffff\r\n{}",
        "POST /tasks HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n2;" + "x".repeat(9000) + "\r\n{}\r\n0\r\n\r\n",
        "GET /api/ping HTTP/1.1\r\nHost: a\u0000b\r\n\r\n", "GET /api/ping HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "GET /api/ping HTTP/1.1\r\nHost: [::1\r\n\r\n",
    };

    private MalformedRequests() {}

    static List<String> all() {
        List<String> all = new ArrayList<>(List.of(NOT_HTTP));
        for (String target : TARGETS) {
            all.add(request("GET " + target, "", ""));
            all.add(request("DELETE " + target, "", ""));
        }
        for (String method : List.of("FOO", "TRACE", "OPTIONS", "HEAD", "PATCH", "CONNECT", "post", "\u00ff")) {
            all.add(request(method + " /tasks", "", ""));
        }
        for (String header : HEADERS) {
            all.add(request("GET /sessions/current", header + "\r\n", ""));
            all.add(request("GET /api/ping", header + "\r\n", ""));
        }
        for (String line : WRITING) {
            for (String type : TYPES) {
                all.add(request(line, type(type), "{\"key\":\"a\"}"));
            }
            for (String body : BODIES) {
                all.add(request(line, type("application/json"), body));
            }
        }
        return all;
    }

    private static String type(String type) {
        return "Content-Type: " + type + "\r\n";
    }

    private static String request(String line, String headers, String body) {
        String address = headers.contains("X-Forwarded-For") ? "" : "X-Forwarded-For: " + Floods.address() + "\r\n";
        String length = body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n";
        return line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + address + headers + length + "\r\n" + body;
    }
}
