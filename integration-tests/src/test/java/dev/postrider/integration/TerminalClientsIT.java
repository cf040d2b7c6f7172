package dev.postrider.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.integration.server.RunningServer;
import jakarta.mail.Flags.Flag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that want a terminal; {@code script} lends them one. */
class TerminalClientsIT {

  private static final Pattern SUBJECT = Pattern.compile("(?m)^Subject: (.*)$");

  @TempDir Path directory;

  private RunningServer server;

  @BeforeEach
  void start() throws IOException {
    server = Servers.start(directory.resolve("a"), "a.test", "");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  @Seen(
      client = "mutt",
      debianPackage = "mutt",
      doing = "comes back with its header cache, and is told by QRESYNC what it missed")
  void mutt() throws Exception {
    comesBackWithItsCache("* VANISHED (EARLIER) 2", "mutt", "-d", "3");
  }

  @Test
  @Seen(
      client = "NeoMutt",
      debianPackage = "neomutt",
      doing = "comes back with its header cache, and is told by QRESYNC what it missed")
  void neomutt() throws Exception {
    comesBackWithItsCache(
        "Handling VANISHED", "neomutt", "-d", "3", "-l", directory.resolve("debug").toString());
  }

  @Test
  @Seen(
      client = "Alpine",
      debianPackage = "alpine",
      doing = "opens the mailbox, saves a message, writes one; it arrives, with a copy in Sent")
  void alpine() throws Exception {
    Path home = Files.createDirectories(directory.resolve("home"));
    Path rc = home.resolve("pinerc");
    String imap = "{localhost:" + server.port("imaps") + "/ssl/user=alice@a.test}";
    Files.writeString(
        rc,
        String.join(
            "\n",
            // It would be the name of who runs it.
            "customized-hdrs=From: Alice <alice@a.test>",
            "inbox-path=" + imap + "INBOX",
            "folder-collections=there " + imap + "[]",
            "default-fcc=" + imap + "Sent",
            "smtp-server=localhost:" + server.port("submissions") + "/ssl/user=alice@a.test",
            "feature-list=quit-without-confirm,expunge-without-confirm,allow-changing-from",
            "last-version-used=8.26",
            ""));
    try (Account account = Account.open(server, "alice@a.test")) {
      account.append("INBOX", "letter");
      alpine(
          rc,
          List.of("ENTER PASSWORD", Servers.PASSWORD + "\\r", "on DISK", "n"),
          List.of("MAIN MENU", "i", "letter", "e", "EXPORT", "saved\\r", "xported", "c"),
          List.of("To      :", "bob@a.test\\r\\r\\rby alpine\\r"),
          List.of("by alpine", "Written in alpine\\x18", "Send message", "y"),
          List.of("ENTER PASSWORD", Servers.PASSWORD + "\\r", "on DISK", "n"),
          // Where writing the copy took long, the first word of it is the last until a key comes.
          List.of("essage sent|Writing Fcc   DONE", "q"));
      assertThat(home.resolve("saved")).content().contains("Subject: letter", "About letter");
      assertThat(account.text("Sent", "by alpine")).contains("Written in alpine");
    }
    Mailboxes.await(server, "bob@a.test", "INBOX", "Written in alpine", directory);
  }

  @SafeVarargs
  private void alpine(Path rc, List<String>... waitsAndKeys) throws Exception {
    Program program = Program.python("terminal.py", "alpine -p " + rc);
    for (List<String> step : waitsAndKeys) {
      program.args(step.toArray(String[]::new));
    }
    program
        .with("HOME", String.valueOf(rc.getParent()))
        .with("TERM", "xterm")
        .with("LC_ALL", "C.UTF-8")
        .with("SSL_CERT_FILE", server.certificate().toString())
        .run()
        .ok();
  }

  /** {@code told} is what its log says when it hears of what is gone. */
  private void comesBackWithItsCache(String told, String mutt, String... debugging)
      throws Exception {
    try (Account account = Account.open(server, "alice@a.test")) {
      for (int i = 1; i <= 6; i++) {
        account.append("INBOX", "m" + i);
      }
      assertThat(subjects(allOf(mutt, debugging))).hasSize(6);
      account.remove("INBOX", "m2").flag("INBOX", "m3", Flag.FLAGGED).append("INBOX", "m7");
      String second = allOf(mutt, debugging);
      assertThat(subjects(second)).containsExactly("m1", "m3", "m4", "m5", "m6", "m7");
      assertThat(second.substring(second.indexOf("m3@c.test"), second.indexOf("m4@c.test")))
          .contains("X-Status: F");
    }
    assertThat(debugLog()).containsPattern("UID FETCH 1:6 .* VANISHED\\)").contains(told);
  }

  private String debugLog() throws IOException {
    for (String name : List.of("debug0", "debug", ".muttdebug0")) {
      if (Files.exists(directory.resolve(name))) {
        return Files.readString(directory.resolve(name));
      }
    }
    throw new AssertionError("no log in " + directory);
  }

  private static List<String> subjects(String mbox) {
    return SUBJECT.matcher(mbox).results().map(found -> found.group(1)).toList();
  }

  /** Opens the mailbox, and copies all that is in it. */
  private String allOf(String mutt, String... debugging) throws Exception {
    Path copy = directory.resolve("copy");
    Files.deleteIfExists(copy);
    String keys = "<tag-pattern>~A<enter><tag-prefix><copy-message><kill-line>" + copy;
    Path cache = Files.createDirectories(directory.resolve("cache"));
    Path rc = directory.resolve("muttrc");
    Files.writeString(
        rc,
        String.join(
            "\n",
            "set certificate_file=" + server.certificate(),
            "set imap_user=alice@a.test imap_pass='" + Servers.PASSWORD + "'",
            "set imap_condstore=yes imap_qresync=yes header_cache=" + cache + "/",
            "set folder=" + directory + " quit=yes move=no wait_key=no confirmappend=no",
            "set mbox_type=mbox confirmcreate=no delete=no",
            "folder-hook . \"push '" + keys + "<enter><quit>'\"",
            ""));
    List<String> command = new ArrayList<>(List.of(mutt, "-F", rc.toString()));
    command.addAll(List.of(debugging));
    command.addAll(List.of("-f", "imaps://localhost:" + server.port("imaps") + "/INBOX"));
    inTerminal(String.join(" ", command));
    return Files.readString(copy);
  }

  private Program.Ran inTerminal(String command) throws Exception {
    return Program.of("script", "-qec", command, "/dev/null")
        .with("HOME", directory.toString())
        .with("TERM", "xterm")
        .with("LC_ALL", "C.UTF-8")
        .run()
        .ok();
  }
}
