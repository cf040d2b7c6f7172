package dev.postrider.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;

/** The whole program, run in memory as a script would run it. */
final class Client {
  /** What one run gave. */
  record Run(int code, String out, String err) {}

  static final Clock NOON = Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);

  final Path config;
  final Map<String, String> environment = new HashMap<>();

  Client(Path directory) {
    this.config = directory.resolve("config.toml");
    environment.put("POSTRIDER_CONFIG", config.toString());
    environment.put("POSTRIDER_PASSWORD", "secret");
  }

  /** Writes an account alice@example.test whose servers are on loopback without TLS. */
  Client account(int imapPort, int smtpPort) throws IOException {
    return account("127.0.0.1", imapPort, smtpPort, "none", "");
  }

  Client account(String host, int imapPort, int smtpPort, String tls, String more)
      throws IOException {
    Files.writeString(
        config,
        """
        [account.alice]
        address = "alice@example.test"
        name = "Älice"
        %s
        [account.alice.imap]
        host = "%s"
        port = %d
        tls = "%s"
        [account.alice.smtp]
        host = "%s"
        port = %d
        tls = "%s"
        """
            .formatted(more, host, imapPort, tls, host, smtpPort, tls));
    return this;
  }

  Run run(String... arguments) {
    return feed("", arguments);
  }

  /** Runs with {@code input} on standard input. */
  Run feed(String input, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(input.getBytes(UTF_8)),
            new PrintStream(out, false, UTF_8),
            new PrintStream(err, false, UTF_8),
            environment,
            false,
            false,
            false,
            NOON);
    int code = new Main(terminal).run(arguments);
    return new Run(code, out.toString(UTF_8), err.toString(UTF_8));
  }
}
