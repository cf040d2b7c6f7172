package dev.postrider.integration;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.integration.server.RunningServer;
import dev.postrider.testkit.mail.MessageGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two servers, a.test and b.test, that relay to each other by routes, without DNS. */
class TwoInstancesIT {

  private static final int LARGE_OCTETS = 30 * 1024 * 1024;

  @TempDir static Path directory;

  private static RunningServer a;
  private static RunningServer b;

  @BeforeAll
  static void start() throws IOException {
    Map<String, Integer> portsOfA = RunningServer.freePorts();
    Map<String, Integer> portsOfB = RunningServer.freePorts();
    a = start("a.test", portsOfA, "b.test", portsOfB);
    b = start("b.test", portsOfB, "a.test", portsOfA);
  }

  private static RunningServer start(
      String domain, Map<String, Integer> ports, String other, Map<String, Integer> portsOfOther)
      throws IOException {
    String route =
        String.join(
            "\n",
            "[[route]]",
            "domain = \"" + other + "\"",
            "host = \"127.0.0.1\"",
            "port = " + portsOfOther.get("smtp"),
            "tls = \"opportunistic\"");
    return Servers.withAccounts(
        RunningServer.start(
            Servers.installation(), directory.resolve(domain), domain, ports, route),
        domain);
  }

  @AfterAll
  static void stop() {
    a.close();
    b.close();
  }

  @Test
  void carriesMailBothWays() throws Exception {
    client(a, "alice@a.test", "setup").run();
    send(a, "alice@a.test", "bob@b.test", "Grüße nach B").run().ok();
    byte[] atB = Mailboxes.await(b, "bob@b.test", "INBOX", "text: Gr", directory);
    assertThat(new String(atB, ISO_8859_1).replaceAll("\r\n[ \t]+", " "))
        .containsPattern("\r\nReceived: from mx.a.test .* by mx.b.test with ESMTPS ")
        .containsPattern("\r\nReceived: from .* by mx.a.test with ESMTPSA ");
    send(b, "bob@b.test", "alice@a.test", "Antwort").run().ok();
    Mailboxes.await(a, "alice@a.test", "INBOX", "text: Antwort", directory);
  }

  @Test
  void tellsTheSenderOfAnUnknownRecipient() throws Exception {
    send(a, "alice@a.test", "nobody@b.test", "to nobody").run().ok();
    byte[] notice = Mailboxes.await(a, "alice@a.test", "INBOX", "multipart/report", directory);
    assertThat(new String(notice, UTF_8))
        .contains("message/delivery-status", "nobody@b.test", "Action: failed", "Status: 5.1.1");
  }

  @Test
  void carriesThirtyMegabytesOctetByOctet() throws Exception {
    byte[] octets = new byte[LARGE_OCTETS / 2];
    Path one = directory.resolve("eins ☃.bin");
    Path two = directory.resolve("zwei.bin");
    new Random(30).nextBytes(octets);
    Files.write(one, octets);
    new Random(31).nextBytes(octets);
    Files.write(two, octets);
    send(a, "alice@a.test", "bob@b.test", "30 MB")
        .args("-a", one.toString(), "-a", two.toString())
        .limit(Duration.ofMinutes(5))
        .run()
        .ok();
    Path atB = save(Mailboxes.await(b, "bob@b.test", "INBOX", "text: 30 MB", directory), "atB");
    Path sent = save(Mailboxes.await(a, "alice@a.test", "Sent", "text: 30 MB", directory), "sent");
    String attachments = Program.python("attachments.py", atB.toString()).run().ok().text();
    assertThat(attachments)
        .contains("attachment eins ☃.bin " + octets.length + " " + Digests.sha256(one))
        .contains("attachment zwei.bin " + octets.length + " " + Digests.sha256(two));
    assertThat(attachments)
        .as("the body is what the sender's own copy holds")
        .isEqualTo(Program.python("attachments.py", sent.toString()).run().ok().text());

    Path byCurl = directory.resolve("by-curl");
    Program.of("curl", "-sS", "--cacert", b.certificate().toString(), "-o", byCurl.toString())
        .args("-u", "bob@b.test:" + Servers.PASSWORD)
        .args("imaps://localhost:" + b.port("imaps") + "/INBOX;UID=" + uidOf(b, "30 MB"))
        .run()
        .ok();
    assertThat(Files.mismatch(byCurl, atB)).isEqualTo(-1);
  }

  @Test
  void carriesEveryShapeOfMessage() throws Exception {
    MessageGenerator generator = new MessageGenerator(2);
    int count = MessageGenerator.Shape.values().length;
    for (int i = 0; i < count; i++) {
      Path file = directory.resolve("shape");
      Files.write(file, generator.message(i));
      Program.of("curl", "-sS", "--ssl-reqd", "--cacert", a.certificate().toString())
          .args("-u", "alice@a.test:" + Servers.PASSWORD, "--mail-from", "alice@a.test")
          .args("--mail-rcpt", "alice@b.test", "-T", file.toString())
          .args("smtp://localhost:" + a.port("submission"))
          .run();
    }
    Servers.await(
        Duration.ofSeconds(60),
        "all shapes at b",
        () -> Mailboxes.read(b, "alice@b.test", "INBOX", directory).size() >= 15);
  }

  private static String uidOf(RunningServer server, String subject) throws Exception {
    String answer =
        Program.of("curl", "-sS", "--cacert", server.certificate().toString())
            .args(
                "-u",
                "bob@b.test:" + Servers.PASSWORD,
                "-X",
                "UID SEARCH SUBJECT \"" + subject + "\"")
            .args("imaps://localhost:" + server.port("imaps") + "/INBOX")
            .run()
            .ok()
            .text();
    return answer.replaceAll("(?s).*\\* SEARCH (\\d+).*", "$1");
  }

  private static Path save(byte[] message, String name) throws IOException {
    return Files.write(directory.resolve(name), message);
  }

  private static Program send(RunningServer server, String from, String to, String text)
      throws Exception {
    client(server, from, "setup").run();
    return client(server, from, "send")
        .args("--to", to, "--subject", text)
        .input("text: " + text + "\n");
  }

  /** The command-line client, with a configuration of its own per account. */
  private static Program client(RunningServer server, String user, String verb) throws IOException {
    Path home = Files.createDirectories(directory.resolve("home-" + user));
    Program client =
        Program.of(Servers.installation().client().toString(), verb)
            .with("HOME", home.toString())
            .with("XDG_CONFIG_HOME", home.toString())
            .with("LC_ALL", "C.UTF-8");
    if (verb.equals("setup")) {
      client
          .args(user, "--password-stdin", "--replace", "--ca", server.certificate().toString())
          .args("--imap-host", "localhost", "--imap-port", "" + server.port("imaps"))
          .args("--smtp-host", "localhost", "--smtp-port", "" + server.port("submissions"))
          .input(Servers.PASSWORD + "\n");
    }
    return client;
  }
}
