package dev.postrider.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.integration.server.RunningServer;
import jakarta.mail.Flags.Flag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs that keep a Maildir and the server alike, while both are changed: messages that come, go
 * and move, flags, folders.
 */
class TwoWaySyncIT {

  @TempDir Path directory;

  private RunningServer server;
  private Path mail;

  @BeforeEach
  void start() throws IOException {
    server = Servers.start(directory.resolve("a"), "a.test", "");
    mail = Files.createDirectories(directory.resolve("mail"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  @Seen(
      client = "mbsync (isync)",
      debianPackage = "isync",
      doing = "keeps a Maildir and the server alike while both change: messages, flags, folders")
  void mbsync() throws Exception {
    Path rc = directory.resolve("mbsyncrc");
    Files.writeString(
        rc,
        String.join(
            "\n",
            "IMAPStore remote",
            "Host localhost",
            "Port " + server.port("imaps"),
            "User alice@a.test",
            "Pass \"" + Servers.PASSWORD + "\"",
            "SSLType IMAPS",
            "CertificateFile " + server.certificate(),
            "",
            "MaildirStore local",
            "Path " + mail + "/",
            "Inbox " + mail + "/INBOX",
            "SubFolders Verbatim",
            "",
            "Channel all",
            "Far :remote:",
            "Near :local:",
            "Patterns *",
            "Create Both",
            "Expunge Both",
            "CopyArrivalDate yes",
            "SyncState *",
            ""));
    keepsBothAlike(
        // It leaves names as they are in the protocol.
        Map.of("Übung/Tief", "&ANw-bung/Tief", "Neu ☃", "Neu &JgM-"),
        () -> Program.of("mbsync", "-c", rc.toString(), "-a").run().ok());
  }

  @Test
  @Seen(
      client = "OfflineIMAP",
      debianPackage = "offlineimap3",
      doing = "keeps a Maildir and the server alike while both change: messages, flags, folders")
  void offlineimap() throws Exception {
    Path rc = directory.resolve("offlineimaprc");
    Files.writeString(
        rc,
        String.join(
            "\n",
            "[general]",
            "accounts = a",
            "metadata = " + directory.resolve("state"),
            "[Account a]",
            "localrepository = local",
            "remoterepository = remote",
            "utf8foldernames = yes",
            "[Repository local]",
            "type = Maildir",
            "localfolders = " + mail,
            "sep = /",
            "[Repository remote]",
            "type = IMAP",
            "remotehost = localhost",
            "remoteport = " + server.port("imaps"),
            "remoteuser = alice@a.test",
            "remotepass = " + Servers.PASSWORD,
            "ssl = yes",
            "sslcacertfile = " + server.certificate(),
            ""));
    keepsBothAlike(
        Map.of("Übung/Tief", "Übung/Tief", "Neu ☃", "Neu ☃"),
        () ->
            Program.of("offlineimap", "-c", rc.toString(), "-o", "-u", "basic")
                .with("HOME", directory.toString())
                .run()
                .ok());
  }

  /** One run of the program. */
  private interface Sync {
    void run() throws Exception;
  }

  /** {@code names} of mailboxes, and of directories below the one of the Maildirs. */
  private void keepsBothAlike(Map<String, String> names, Sync program) throws Exception {
    try (Account account = Account.open(server, "alice@a.test")) {
      account.create("Übung").create("Übung/Tief");
      for (int i = 1; i <= 9; i++) {
        account.append("INBOX", "m" + i);
      }
      account.flag("INBOX", "m2", Flag.SEEN).flag("INBOX", "m2", Flag.FLAGGED);
      program.run();
      Maildir inbox = new Maildir(mail.resolve("INBOX"));
      assertThat(inbox.flags()).isEqualTo(account.flags("INBOX")).hasSize(9);
      // mbsync leaves a mark of its own.
      assertThat(inbox.text("m1").replaceFirst("X-TUID: .*\n", ""))
          .isEqualToNormalizingNewlines(new String(Account.letter("m1"), UTF_8));

      account.flag("INBOX", "m3", Flag.ANSWERED).remove("INBOX", "m4");
      account.move("INBOX", "m5", "Übung/Tief").append("INBOX", "there").create("Neu ☃");
      account.append("Neu ☃", "first");
      inbox.flag("m6", "FS");
      inbox.remove("m7");
      inbox.add("here", "S");
      Maildir made = new Maildir(mail.resolve("Made")).create();
      made.add("own", "");
      program.run();

      Map<String, String> expected = new TreeMap<>();
      for (String subject : List.of("m1", "m8", "m9", "there")) {
        expected.put(subject, "");
      }
      expected.putAll(Map.of("m2", "FS", "m3", "R", "m6", "FS", "here", "S"));
      assertThat(account.flags("INBOX")).isEqualTo(expected);
      assertThat(inbox.flags()).isEqualTo(expected);
      assertThat(account.flags("Made")).isEqualTo(Map.of("own", ""));
      for (Map.Entry<String, String> name : names.entrySet()) {
        assertThat(new Maildir(mail.resolve(name.getValue())).flags())
            .hasSize(1)
            .isEqualTo(account.flags(name.getKey()));
      }
      assertThat(account.text("INBOX", "here")).contains("grüße ☃");

      program.run();
      assertThat(inbox.flags()).isEqualTo(expected);
      assertThat(account.flags("INBOX")).isEqualTo(expected);
    }
  }
}
