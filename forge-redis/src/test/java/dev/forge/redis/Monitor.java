package dev.forge.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Records every command that a server runs, including those of scripts. */
final class Monitor implements AutoCloseable {

    private static final Pattern COMMAND =
            Pattern.compile("\\+[0-9.]+ \\[\\d+ [^]]+] \"([^\"]+)\"(?: \"([^\"]*)\")?.*");
    private static final Set<String> WITH_SUBCOMMAND = Set.of("client", "cluster", "script", "config", "acl", "object");

    private final Socket socket;
    private final Thread reader;
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

    Monitor(int port, String user, String password) throws IOException {
        socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
        socket.setSoTimeout(10_000);
        BufferedReader input = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        socket.getOutputStream().write(("AUTH " + user + " " + password + "\r\nMONITOR\r\n").getBytes(UTF_8));
        String login = input.readLine();
        String monitoring = input.readLine();
        if (!"+OK".equals(login) || !"+OK".equals(monitoring)) {
            throw new IOException("MONITOR was refused");
        }
        reader = new Thread(() -> read(input), "monitor");
        reader.setDaemon(true);
        reader.start();
    }

    private void read(BufferedReader input) {
        try {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            // It was closed.
        }
    }

    /** Returns whether {@code text} has been seen in a command. */
    boolean saw(String text) {
        synchronized (lines) {
            return lines.stream().anyMatch(line -> line.contains(text));
        }
    }

    /** Returns all that has been seen. */
    String text() {
        synchronized (lines) {
            return String.join("\n", lines);
        }
    }

    /** Returns the commands, as {@link ShippedAcl#commands} writes them. */
    Set<String> commands() {
        Set<String> commands = new TreeSet<>();
        synchronized (lines) {
            for (String line : lines) {
                Matcher matcher = COMMAND.matcher(line);
                if (!matcher.matches()) {
                    throw new IllegalStateException("not a command: " + line);
                }
                String command = matcher.group(1).toLowerCase(Locale.ROOT);
                commands.add(
                        WITH_SUBCOMMAND.contains(command)
                                ? command + "|" + matcher.group(2).toLowerCase(Locale.ROOT)
                                : command);
            }
        }
        return commands;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
