package dev.postrider.integration;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.integration.server.RunningServer;
import dev.postrider.testkit.mail.MessageGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Maildir is pushed to the server by mbsync and pulled back into an empty one: the two hold the
 * same messages with the same flags. {@code -Dmaildir.messages=5000} for the long form.
 */
class MaildirRoundTripIT {

  private static final int MESSAGES = Integer.getInteger("maildir.messages", 500);

  private static final Pattern MESSAGE_ID = Pattern.compile("(?m)^Message-ID: <[^>]*>");

  @TempDir Path directory;

  @Test
  @Seen(
      client = "mbsync (isync)",
      debianPackage = "isync",
      doing = "pushes a Maildir of 500 messages, and pulls it back without a difference")
  void comesBackWithoutADifference() throws Exception {
    Path from = Files.createDirectories(directory.resolve("from"));
    Path back = Files.createDirectories(directory.resolve("back"));
    new MessageGenerator(5).maildir(from.resolve("INBOX"), MESSAGES);
    try (RunningServer server = Servers.start(directory.resolve("a"), "a.test", "")) {
      sync(server, from, "push");
      sync(server, back, "pull");
    }
    Map<String, String> sent = contents(from.resolve("INBOX"));
    Map<String, String> got = contents(back.resolve("INBOX"));
    assertThat(sent).hasSize(MESSAGES);
    assertThat(got.keySet()).containsExactlyInAnyOrderElementsOf(sent.keySet());
    for (String id : sent.keySet()) {
      assertThat(got.get(id)).as(id).isEqualTo(sent.get(id));
    }
  }

  private void sync(RunningServer server, Path maildir, String direction) throws Exception {
    Path state = Files.createDirectories(directory.resolve("state-" + direction));
    Path rc = directory.resolve("mbsyncrc-" + direction);
    Files.writeString(
        rc,
        String.join(
            "\n",
            "IMAPAccount a",
            "Host localhost",
            "Port " + server.port("imaps"),
            "User alice@a.test",
            "Pass \"" + Servers.PASSWORD + "\"",
            "SSLType IMAPS",
            "CertificateFile " + server.certificate(),
            "Timeout 120",
            "",
            "IMAPStore remote",
            "Account a",
            "",
            "MaildirStore local",
            "Path " + maildir + "/",
            "Inbox " + maildir + "/INBOX",
            "",
            "Channel all",
            "Far :remote:",
            "Near :local:",
            "Patterns INBOX",
            "Create Near",
            "Expunge None",
            "Sync " + (direction.equals("push") ? "Push" : "Pull"),
            "SyncState " + state + "/",
            ""));
    Program.of("mbsync", "-c", rc.toString(), "-a").limit(Duration.ofMinutes(15)).run().ok();
  }

  /** Flags and text of each message, by its Message-ID. */
  private static Map<String, String> contents(Path maildir) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    for (String sub : List.of("cur", "new")) {
      try (Stream<Path> files = Files.list(maildir.resolve(sub))) {
        for (Path file : files.toList()) {
          String text = withoutTrackingHeader(file);
          Matcher id = MESSAGE_ID.matcher(text);
          assertThat(id.find()).as("%s has a Message-ID", file).isTrue();
          String before = contents.put(id.group(), "flags " + flags(file) + "\n" + text);
          assertThat(before).as("%s is there twice", id.group()).isNull();
        }
      }
    }
    return contents;
  }

  private static String flags(Path file) {
    String name = String.valueOf(file.getFileName());
    int at = name.indexOf(":2,");
    return at < 0 ? "" : name.substring(at + 3);
  }

  /** mbsync adds a header field of its own to what it uploads. */
  private static String withoutTrackingHeader(Path file) throws IOException {
    String text = new String(Files.readAllBytes(file), ISO_8859_1);
    return text.replaceFirst("(?m)^X-TUID: [^\\n]*\\n", "");
  }
}
