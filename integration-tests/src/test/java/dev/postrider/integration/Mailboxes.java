package dev.postrider.integration;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.postrider.integration.server.RunningServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a stock client, Python's imaplib, sees in a mailbox. */
final class Mailboxes {

  private Mailboxes() {}

  /** Every message of a mailbox, by UID, octet by octet. */
  static List<byte[]> read(RunningServer server, String user, String mailbox, Path scratch)
      throws IOException, InterruptedException {
    Path into = Files.createTempDirectory(scratch, "mailbox");
    Program.python(
            "fetch_mailbox.py",
            Integer.toString(server.port("imaps")),
            server.certificate().toString(),
            user,
            Servers.PASSWORD,
            mailbox,
            into.toString())
        .limit(Duration.ofMinutes(5))
        .run()
        .ok();
    List<byte[]> messages = new ArrayList<>();
    try (Stream<Path> files = Files.list(into)) {
      for (Path file : files.sorted().toList()) {
        messages.add(Files.readAllBytes(file));
      }
    }
    return messages;
  }

  /** Waits until a message with {@code text} is in the mailbox, and returns it. */
  static byte[] await(RunningServer server, String user, String mailbox, String text, Path scratch)
      throws Exception {
    List<byte[]> found = new ArrayList<>();
    Servers.await(
        Duration.ofSeconds(60),
        "'" + text + "' in " + mailbox + " of " + user,
        () -> {
          for (byte[] message : read(server, user, mailbox, scratch)) {
            if (new String(message, ISO_8859_1).contains(text)) {
              found.add(message);
            }
          }
          return !found.isEmpty();
        });
    return found.getFirst();
  }
}
