package dev.postrider.integration.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Connections that are made and closed, each with a whole TLS handshake, by {@code openssl s_time}:
 * a client of Java takes twice the time of a server of Java, and would measure itself.
 */
final class Handshakes {

  /** Clients at a time. */
  private static final int TOGETHER = 8;

  private static final int SECONDS = 3;

  private static final Pattern DONE =
      Pattern.compile("^(\\d+) connections in \\d+ real seconds", Pattern.MULTILINE);

  private final int port;

  Handshakes(int port) {
    this.port = port;
  }

  /** How long {@code count} of them take, as far as some seconds tell. */
  double seconds(int count) throws IOException {
    List<Process> clients = new ArrayList<>();
    for (int i = 0; i < TOGETHER; i++) {
      clients.add(
          new ProcessBuilder(
                  "openssl",
                  "s_time",
                  "-connect",
                  "127.0.0.1:" + port,
                  "-new",
                  "-time",
                  "" + SECONDS)
              .redirectErrorStream(true)
              .start());
    }
    long done = 0;
    for (Process client : clients) {
      String said = new String(client.getInputStream().readAllBytes(), UTF_8);
      Matcher matcher = DONE.matcher(said);
      if (!matcher.find()) {
        throw new IOException("openssl said: " + said);
      }
      done += Long.parseLong(matcher.group(1));
    }
    return (double) SECONDS * count / done;
  }
}
