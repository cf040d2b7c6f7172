package dev.postrider.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.integration.server.RunningServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that fetch mail, or sort it where it is, without anybody at the keyboard. */
class FetchingClientsIT {

  @TempDir static Path directory;

  private static RunningServer server;

  @BeforeAll
  static void start() throws IOException {
    server = Servers.start(directory.resolve("a"), "a.test", "");
    for (String user : new String[] {"fetch@a.test", "get@a.test", "filter@a.test"}) {
      server.addAccount(user, Servers.PASSWORD);
    }
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Path secretFile(String name, String... lines) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, String.join("\n", lines) + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  @Test
  @Seen(
      client = "fetchmail",
      debianPackage = "fetchmail",
      doing = "fetches new messages and leaves them there; takes none twice; empties the mailbox")
  void fetchmail() throws Exception {
    Path fetched = directory.resolve("fetched");
    Path rc =
        secretFile(
            "fetchmailrc",
            "poll localhost protocol IMAP port " + server.port("imaps"),
            " user 'fetch@a.test' password '" + Servers.PASSWORD + "'",
            " ssl sslcertck sslcertfile " + server.certificate(),
            " mda 'cat >> " + fetched + "'");
    try (Account account = Account.open(server, "fetch@a.test")) {
      account.append("INBOX", "f1").append("INBOX", "f2");
      assertThat(fetchmail(rc, "--keep").status()).isZero();
      assertThat(fetched).content().contains("Subject: f1", "Subject: f2", "grüße ☃");
      assertThat(account.flags("INBOX")).isEqualTo(Map.of("f1", "S", "f2", "S"));

      account.append("INBOX", "f3");
      Files.delete(fetched);
      assertThat(fetchmail(rc, "--keep").status()).isZero();
      assertThat(fetched).content().contains("Subject: f3").doesNotContain("Subject: f1");
      assertThat(fetchmail(rc, "--keep").status()).as("nothing new").isEqualTo(1);

      assertThat(fetchmail(rc, "--all", "--nokeep").status()).isZero();
      assertThat(account.flags("INBOX")).isEmpty();
    }
  }

  private static Program.Ran fetchmail(Path rc, String... options) throws Exception {
    return Program.of("fetchmail", "-f", rc.toString(), "--nosyslog", "-d0", "--pidfile")
        .args(directory.resolve("fetchmail.pid").toString())
        .args(options)
        .with("HOME", directory.toString())
        .run();
  }

  @Test
  @Seen(
      client = "getmail",
      debianPackage = "getmail6",
      doing = "fetches several mailboxes into a Maildir, and deletes them there")
  void getmail() throws Exception {
    Maildir maildir = new Maildir(directory.resolve("got")).create();
    Path home = Files.createDirectories(directory.resolve("getmail"));
    Files.writeString(
        home.resolve("getmailrc"),
        String.join(
            "\n",
            "[retriever]",
            "type = SimpleIMAPSSLRetriever",
            "server = localhost",
            "port = " + server.port("imaps"),
            "username = get@a.test",
            "password = " + Servers.PASSWORD,
            "mailboxes = (\"INBOX\", \"Übung\")",
            "ca_certs = " + server.certificate(),
            "[destination]",
            // Its own Maildir destination refuses to work for root.
            "type = MDA_external",
            "path = /bin/sh",
            "arguments = (\"-c\", \"cat > " + maildir.path() + "/new/$$.got\")",
            "allow_root_commands = true",
            "[options]",
            "delete = true",
            ""));
    try (Account account = Account.open(server, "get@a.test")) {
      account.create("Übung").append("INBOX", "g1").append("INBOX", "g2").append("Übung", "g3");
      Program.of("getmail", "--getmaildir=" + home, "--rcfile=getmailrc").run().ok();
      assertThat(maildir.flags().keySet()).containsExactly("g1", "g2", "g3");
      assertThat(maildir.text("g3")).contains("grüße ☃");
      assertThat(account.flags("INBOX")).isEmpty();
      assertThat(account.flags("Übung")).isEmpty();
    }
  }

  @Test
  @Seen(
      client = "imapfilter",
      debianPackage = "imapfilter",
      doing =
          "finds by header, text, size and flag; marks, copies, moves and deletes; makes mailboxes")
  void imapfilter() throws Exception {
    Path rules =
        secretFile(
            "rules.lua",
            "options.timeout = 30",
            "options.subscribe = true",
            "options.certificates = true",
            "a = IMAP { server = 'localhost', port = " + server.port("imaps") + ", ssl = 'auto',",
            "  username = 'filter@a.test', password = '" + Servers.PASSWORD + "' }",
            "a:create_mailbox('Sorted/Deep')",
            "mine = a.INBOX:contain_subject('alpha')",
            "mine:mark_flagged()",
            "mine:move_messages(a['Sorted/Deep'])",
            "unread = a.INBOX:contain_body('About beta') * a.INBOX:is_unseen()",
            "unread:mark_seen()",
            "a.INBOX:contain_from('zoe@c.test'):copy_messages(a.Sent)",
            "a.INBOX:match_header('Message-ID: <gamma@'):delete_messages()",
            "assert(#a.INBOX:is_smaller(10) == 0)");
    try (Account account = Account.open(server, "filter@a.test")) {
      account.append("INBOX", "alpha").append("INBOX", "beta").append("INBOX", "gamma");
      Program.of("imapfilter", "-t", server.certificate().toString(), "-c", rules.toString())
          .with("HOME", directory.toString())
          .run()
          .ok();
      assertThat(account.flags("INBOX")).isEqualTo(Map.of("beta", "S"));
      assertThat(account.flags("Sorted/Deep")).isEqualTo(Map.of("alpha", "F"));
      assertThat(account.flags("Sent").keySet()).containsExactly("beta", "gamma");
    }
  }
}
