package dev.postrider.integration;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.integration.server.RunningServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that people use, as they come from Debian, with no setting for our sake. */
class StockClientsIT {

  @TempDir static Path directory;

  private static RunningServer server;

  @BeforeAll
  static void start() throws IOException {
    server = Servers.start(directory.resolve("a"), "a.test", "");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  @Seen(
      client = "Python smtplib",
      debianPackage = "python3",
      doing = "submits in every way there is; is refused what it may not do")
  void smtplibSubmitsAndIsRefused() throws Exception {
    Program.python(
            "smtplib_session.py",
            port("smtp"),
            port("submission"),
            port("submissions"),
            server.certificate().toString(),
            Servers.PASSWORD)
        .run()
        .ok();
    String got =
        new String(
            Mailboxes.await(server, "bob@a.test", "INBOX", "smtplib", directory), ISO_8859_1);
    assertThat(got).doesNotContainIgnoringCase("\nbcc:").contains("Message-ID:", "\r\nReceived:");
    assertThat(Mailboxes.await(server, "alice@a.test", "INBOX", "smtplib", directory)).isNotEmpty();
  }

  @Test
  @Seen(
      client = "Python imaplib",
      debianPackage = "python3",
      doing = "logs in by STARTTLS; reads, writes, searches, copies and moves; makes mailboxes")
  void imaplibReadsWritesAndOrders() throws Exception {
    Program.python(
            "imaplib_session.py",
            port("imap"),
            server.certificate().toString(),
            "alice@a.test",
            Servers.PASSWORD)
        .run()
        .ok();
  }

  @Test
  @Seen(client = "curl", debianPackage = "curl", doing = "sends, lists, appends, fetches, searches")
  void curlSendsListsAndFetches() throws Exception {
    Path message = directory.resolve("curl.eml");
    Files.writeString(
        message, "From: alice@a.test\r\nTo: bob@a.test\r\nSubject: by curl\r\n\r\nhello ☃\r\n");
    curl("--ssl-reqd", "--mail-from", "alice@a.test", "--mail-rcpt", "bob@a.test")
        .args("-T", message.toString(), "smtp://localhost:" + port("submission"))
        .as("alice@a.test");
    byte[] delivered = Mailboxes.await(server, "bob@a.test", "INBOX", "by curl", directory);
    assertThat(new String(delivered, UTF_8)).endsWith("\r\n\r\nhello ☃\r\n");

    String folders = curl().args("imaps://localhost:" + port("imaps")).as("bob@a.test").text();
    assertThat(folders).contains("INBOX", "Sent");
    curl("-T", message.toString())
        .args("imaps://localhost:" + port("imaps") + "/Drafts")
        .as("bob@a.test");
    byte[] fetched =
        curl()
            .args("imaps://localhost:" + port("imaps") + "/Drafts;MAILINDEX=1")
            .as("bob@a.test")
            .octets();
    assertThat(fetched).isEqualTo(Files.readAllBytes(message));
    String found =
        curl("--ssl-reqd", "-X", "UID SEARCH SUBJECT curl")
            .args("imap://localhost:" + port("imap") + "/Drafts")
            .as("bob@a.test")
            .text();
    assertThat(found).contains("* SEARCH 1");
  }

  @Test
  @Seen(
      client = "swaks",
      debianPackage = "swaks",
      doing = "submits by STARTTLS and TLS, by PLAIN and LOGIN")
  void swaksSubmitsInEveryWay() throws Exception {
    for (List<String> way :
        List.of(
            List.of("--port", port("submission"), "--tls", "--auth", "PLAIN"),
            List.of("--port", port("submission"), "--tls", "--auth", "LOGIN", "--pipeline"),
            List.of("--port", port("submissions"), "--tls-on-connect", "--auth", "PLAIN"))) {
      String subject = "swaks " + String.join(" ", way);
      swaks(
              way,
              List.of("--auth-user", "alice@a.test", "--auth-password", Servers.PASSWORD),
              List.of("--header", "Subject: " + subject))
          .ok();
      Mailboxes.await(server, "bob@a.test", "INBOX", subject, directory);
    }
  }

  @Test
  void swaksIsRefusedWithItsReason() throws Exception {
    Program.Ran relay =
        swaks(List.of("--port", port("smtp")), List.of("--to", "x@third.test"), List.of());
    assertThat(relay.status()).isEqualTo(24);
    assertThat(relay.text()).containsPattern("<\\*\\* +55[014] 5\\.7\\.1 ");
    Program.Ran noLogin = swaks(List.of("--port", port("submission")), List.of(), List.of());
    assertThat(noLogin.status()).isNotZero();
    assertThat(noLogin.text()).containsPattern("<\\*\\* +530 5\\.7\\.[01] ");
  }

  @Test
  @Seen(
      client = "mutt",
      debianPackage = "mutt",
      doing = "sends with an attachment and a copy in Sent; reads it there")
  void muttSendsAndReads() throws Exception {
    Path home = Files.createDirectories(directory.resolve("mutt"));
    Path attached = home.resolve("Größe.txt");
    Files.writeString(attached, "attached by mutt\n");
    Path rc = home.resolve("muttrc");
    Files.writeString(
        rc,
        String.join(
            "\n",
            "set charset=utf-8 send_charset=utf-8 from=alice@a.test realname='Alice Müller'",
            "set certificate_file=" + server.certificate(),
            "set smtp_url=smtps://alice%40a.test@localhost:" + port("submissions") + "/",
            "set smtp_pass='" + Servers.PASSWORD + "' imap_pass='" + Servers.PASSWORD + "'",
            "set record=imaps://alice%40a.test@localhost:" + port("imaps") + "/Sent",
            "set imap_user=alice@a.test mail_check=5 wait_key=no header_cache=''",
            "set confirmcreate=no confirmappend=no move=no quit=yes folder=" + home,
            ""));
    Program.of("mutt", "-F", rc.toString(), "-s", "Grüße von mutt", "-a", attached.toString())
        .with("HOME", home.toString())
        .with("LC_ALL", "C.UTF-8")
        .args("--", "bob@a.test")
        .input("Text von mutt ☃\n")
        .run()
        .ok();
    byte[] got = Mailboxes.await(server, "bob@a.test", "INBOX", "attached by mutt", directory);
    assertThat(new String(got, ISO_8859_1)).contains("=?utf-8?");
    Mailboxes.await(server, "alice@a.test", "Sent", "attached by mutt", directory);

    Path copy = home.resolve("copy");
    Path reading = home.resolve("muttrc-reading");
    String keys = "push '<copy-message><kill-line>" + copy + "<enter><quit>'";
    Files.writeString(reading, Files.readString(rc) + "folder-hook . \"" + keys + "\"\n");
    String mutt = "mutt -F " + reading + " -f imaps://localhost:" + port("imaps") + "/Sent";
    // mutt wants a terminal, which script lends it.
    Program.of("script", "-qec", mutt, "/dev/null")
        .with("HOME", home.toString())
        .with("TERM", "xterm")
        .with("LC_ALL", "C.UTF-8")
        .run()
        .ok();
    assertThat(copy).content(ISO_8859_1).contains("attached by mutt");
  }

  private static Program.Ran swaks(List<String> first, List<String> second, List<String> third)
      throws Exception {
    Program swaks =
        Program.of(
            "swaks", "--server", "localhost", "--from", "alice@a.test", "--to", "bob@a.test");
    swaks.args("--tls-verify", "--tls-ca-path", server.certificate().toString());
    for (List<String> more : List.of(first, second, third)) {
      swaks.args(more.toArray(String[]::new));
    }
    return swaks.run();
  }

  private static Curl curl(String... arguments) {
    return new Curl(
        Program.of("curl", "-sS", "--cacert", server.certificate().toString()).args(arguments));
  }

  private record Curl(Program program) {
    Curl args(String... arguments) {
      program.args(arguments);
      return this;
    }

    Program.Ran as(String user) throws Exception {
      return program.args("-u", user + ":" + Servers.PASSWORD).run().ok();
    }
  }

  private static String port(String listener) {
    return Integer.toString(server.port(listener));
  }
}
