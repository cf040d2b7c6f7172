package dev.postrider.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers that refuse, lie, stall and hang up: the exit code and text say which. */
@Timeout(60)
class LyingServerTest {
  private static final String SMTP_GREETING =
      """
      S: 220 fake ESMTP
      C: EHLO [127.0.0.1]
      S: 250-fake
      S: 250-SIZE 1000000
      S: 250 AUTH PLAIN
      C: AUTH PLAIN
      """;

  private static final String IMAP_LOGIN =
      """
      S: * OK [CAPABILITY IMAP4rev1] fake
      C: LOGIN
      S: {tag} OK [CAPABILITY IMAP4rev1 UIDPLUS] in
      """;

  @TempDir Path directory;

  private Client.Run smtp(String script, String... more) throws Exception {
    try (ScriptedServer server = new ScriptedServer(script)) {
      Client client = new Client(directory).account(1, server.port());
      String[] arguments = new String[7 + more.length];
      String[] fixed = {"send", "--no-save", "-t", "bob@b.test", "--body", "x", "--json"};
      System.arraycopy(fixed, 0, arguments, 0, 7);
      System.arraycopy(more, 0, arguments, 7, more.length);
      Client.Run run = client.run(arguments);
      assertThat(server.faults()).isEmpty();
      return run;
    }
  }

  private Client.Run imap(String script, String... arguments) throws Exception {
    try (ScriptedServer server = new ScriptedServer(script)) {
      Client.Run run = new Client(directory).account(server.port(), 1).run(arguments);
      assertThat(server.faults()).isEmpty();
      return run;
    }
  }

  @Test
  void wrongPasswordIs77AndNamesTheStage() throws Exception {
    Client.Run run = smtp(SMTP_GREETING + "S: 535 5.7.8 no\nC: QUIT\n");
    assertThat(run.code()).isEqualTo(77);
    assertThat(run.err()).contains("\"stage\":\"auth\"").contains("\"replyCode\":535");
    assertThat(run.err()).doesNotContain("secret");
  }

  @Test
  void wrongImapPasswordIs77() throws Exception {
    Client.Run run =
        imap("S: * OK [CAPABILITY IMAP4rev1] fake\nC: LOGIN\nS: {tag} NO wrong\n", "list");
    assertThat(run.code()).isEqualTo(77);
    assertThat(run.err()).contains("check user and password").doesNotContain("secret");
  }

  @Test
  void refusedRecipientIs67AndTemporaryOneIs75() throws Exception {
    String upToRcpt = SMTP_GREETING + "S: 235 ok\nC: MAIL FROM:<alice@example.test>\nS: 250 ok\n";
    Client.Run gone =
        smtp(upToRcpt + "C: RCPT TO\nS: 550 5.1.1 nobody\nC: RSET\nS: 250 ok\nC: QUIT");
    assertThat(gone.code()).isEqualTo(67);
    assertThat(gone.err()).contains("\"stage\":\"rcpt\"", "5.1.1 nobody");
    Client.Run later =
        smtp(upToRcpt + "C: RCPT TO\nS: 451 4.3.0 wait\nC: RSET\nS: 250 ok\nC: QUIT");
    assertThat(later.code()).isEqualTo(75);
  }

  @Test
  void partlyRefusedIsSentAndReported() throws Exception {
    Client.Run run =
        smtp(
            SMTP_GREETING
                + """
                S: 235 ok
                C: MAIL FROM
                S: 250 ok
                C: RCPT TO:<bob@b.test>
                S: 250 ok
                C: RCPT TO:<eve@b.test>
                S: 550 5.1.1 no such user
                C: DATA
                S: 354 go
                DATA
                S: 250 2.0.0 queued as 42
                C: QUIT
                """,
            "-t",
            "eve@b.test");
    assertThat(run.code()).isEqualTo(67);
    assertThat(run.out())
        .contains("\"accepted\":[\"bob@b.test\"]")
        .contains("\"address\":\"eve@b.test\",\"replyCode\":550");
  }

  @Test
  void refusedAfterDataNamesThatStage() throws Exception {
    Client.Run run =
        smtp(
            SMTP_GREETING
                + """
                S: 235 ok
                C: MAIL FROM
                S: 250 ok
                C: RCPT TO
                S: 250 ok
                C: DATA
                S: 354 go
                DATA
                S: 554 5.7.1 spam
                C: RSET
                S: 250 ok
                C: QUIT
                """);
    assertThat(run.code()).isEqualTo(69);
    assertThat(run.err()).contains("\"stage\":\"end-of-data\"", "\"replyCode\":554", "spam");
  }

  @Test
  void tooBigForTheServerIsToldBeforeSending() throws Exception {
    Path big = Files.write(directory.resolve("big"), new byte[1_000_000]);
    Client.Run run = smtp(SMTP_GREETING + "S: 235 ok\nC: QUIT", "-a", big.toString());
    assertThat(run.code()).isEqualTo(69);
    assertThat(run.err()).contains("takes at most 1000000");
  }

  @Test
  void unicodeAddressNeedsAServerThatTakesIt() throws Exception {
    Client.Run run = smtp(SMTP_GREETING + "S: 235 ok\nC: QUIT", "-t", "jürgen@b.test");
    assertThat(run.code()).isEqualTo(69);
    assertThat(run.err()).contains("outside ASCII");
  }

  @Test
  void unicodeAddressGoesAsUtf8WhereOffered() throws Exception {
    Client.Run run =
        smtp(
            """
            S: 220 fake ESMTP
            C: EHLO
            S: 250-fake
            S: 250-8BITMIME
            S: 250-SMTPUTF8
            S: 250 AUTH PLAIN
            C: AUTH PLAIN
            S: 235 ok
            C: SMTPUTF8
            S: 250 ok
            C: RCPT TO:<bob@b.test>
            S: 250 ok
            C: RCPT TO:<jürgen@xn--bcher-kva.test>
            S: 250 ok
            C: DATA
            S: 354 go
            DATA
            S: 250 ok
            C: QUIT
            """,
            "-t",
            "jürgen@bücher.test");
    assertThat(run.code()).as(run.err()).isZero();
  }

  @Test
  void asciiMessageAsksForNoExtension() throws Exception {
    Client.Run run =
        smtp(
            """
            S: 220 fake ESMTP
            C: EHLO
            S: 250-fake
            S: 250-8BITMIME
            S: 250-SMTPUTF8
            S: 250 AUTH PLAIN
            C: AUTH PLAIN
            S: 235 ok
            C: MAIL FROM:<alice@example.test>
            S: 250 ok
            C: RCPT TO:<bob@b.test>
            S: 250 ok
            C: DATA
            S: 354 go
            DATA
            S: 250 ok
            C: QUIT
            """);
    assertThat(run.code()).as(run.err()).isZero();
  }

  @Test
  void strippedStarttlsIsRefusedBeforeThePassword() throws Exception {
    String script = "S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] fake\nSTALL";
    try (ScriptedServer server = new ScriptedServer(script)) {
      Client client = new Client(directory).account("127.0.0.1", server.port(), 1, "starttls", "");
      Client.Run run = client.run("list");
      assertThat(run.code()).isEqualTo(76);
      assertThat(run.err()).contains("does not offer STARTTLS");
      assertThat(server.heard()).doesNotContain("LOGIN").doesNotContain("AUTH");
    }
    try (ScriptedServer server =
        new ScriptedServer("S: 220 x\nC: EHLO\nS: 250-x\nS: 250 AUTH PLAIN\nC: QUIT")) {
      Client client = new Client(directory).account("127.0.0.1", 1, server.port(), "starttls", "");
      Client.Run run = client.run("send", "-t", "b@b.test", "--body", "x");
      assertThat(run.code()).isEqualTo(76);
      assertThat(server.heard()).doesNotContain("AUTH");
    }
  }

  @Test
  void plainTextToAnotherHostIsRefusedBeforeConnecting() throws Exception {
    Client client = new Client(directory).account("192.0.2.1", 1, 1, "none", "");
    Client.Run run = client.run("list");
    assertThat(run.code()).isEqualTo(78);
    assertThat(run.err()).contains("plain text");
  }

  @Test
  void plainServerOnATlsPortIsNamedAsSuch() throws Exception {
    try (ScriptedServer server = new ScriptedServer("S: * OK hello\nSTALL")) {
      Client client = new Client(directory).account("127.0.0.1", server.port(), 1, "tls", "");
      Client.Run run = client.run("list");
      assertThat(run.code()).isEqualTo(76);
      assertThat(run.err()).contains("does not speak TLS");
    }
  }

  @Test
  void aStallEndsAtTheTimeout() throws Exception {
    Client.Run run = imap("STALL", "list", "--timeout", "1");
    assertThat(run.code()).isEqualTo(75);
    assertThat(run.err()).contains("did not answer in time");
    Client.Run later = imap(IMAP_LOGIN + "C: EXAMINE\nSTALL", "list", "--timeout", "1");
    assertThat(later.code()).isEqualTo(75);
  }

  @Test
  void aCutConnectionIsTemporary() throws Exception {
    Client.Run run = imap(IMAP_LOGIN + "C: EXAMINE INBOX", "list");
    assertThat(run.code()).isEqualTo(75);
    Client.Run bye = imap(IMAP_LOGIN + "C: EXAMINE\nS: * BYE shutting down", "list");
    assertThat(bye.code()).isEqualTo(75);
  }

  @Test
  void nobodyListeningIs69AndNoHostIs68() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    assertThat(new Client(directory).account(port, port).run("list").code()).isEqualTo(69);
    Client.Run run =
        new Client(directory).account("no-such-host.invalid", 1, 1, "tls", "").run("list");
    assertThat(run.code()).isEqualTo(68);
  }

  @Test
  void anotherProtocolIsNoImap() throws Exception {
    Client.Run run = imap("S: SSH-2.0-OpenSSH_9.2\nSTALL", "list", "--timeout", "2");
    assertThat(run.code()).isIn(75, 76, 69);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void controlCharactersInAMessageDoNotReachTheTerminal() throws Exception {
    Client.Run run =
        imap(
            IMAP_LOGIN
                + """
                C: EXAMINE
                S: * 1 EXISTS
                S: * OK [UIDVALIDITY 7] ok
                S: {tag} OK done
                C: FETCH 1:1
                """
                + literal(
                    "* 1 FETCH (UID 5 FLAGS () RFC822.SIZE 9 BODY[HEADER.FIELDS (FROM)]",
                    "From: a@b.test\nSubject: x\u001B]0;owned\u0007y\u009B31mz\n")
                + """
                S: {tag} OK done
                C: LOGOUT
                """,
            "list");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("owned").doesNotContain("\u001B").doesNotContain("\u009B");
  }

  @Test
  void anUnreadableStructureFallsBackToTheWholeMessage() throws Exception {
    String header = "Content-Type: multipart/mixed; boundary=b\n\n";
    Client.Run run =
        imap(
            IMAP_LOGIN
                + """
                C: EXAMINE
                S: * 1 EXISTS
                S: {tag} OK done
                C: BODY.PEEK[HEADER]
                """
                + literal("* 1 FETCH (UID 5 BODY[HEADER]", header)
                + """
                S: {tag} OK done
                C: BODYSTRUCTURE
                S: * 1 FETCH (UID 5 BODYSTRUCTURE (NIL "what" (is this)
                S: {tag} OK done
                C: BODY.PEEK[]<0.
                """
                + literal("* 1 FETCH (UID 5 BODY[]<0>", header + "--b\n\nthe text\n--b--\n")
                + """
                S: {tag} OK done
                C: LOGOUT
                """,
            "read",
            "5");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("the text");
  }

  /** Steps that send a literal of whole lines and close the list it is in. */
  private static String literal(String before, String lines) {
    int octets = lines.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8).length;
    return "S: "
        + before
        + " {"
        + octets
        + "}\nS: "
        + lines.substring(0, lines.length() - 1).replace("\n", "\nS: ")
        + "\nS: )\n";
  }

  @Test
  void searchSendsImapKeys() throws Exception {
    Client.Run run =
        imap(
            IMAP_LOGIN
                + """
                C: EXAMINE
                S: * 3 EXISTS
                S: {tag} OK done
                C: UID SEARCH OR FROM alice FROM bob SUBJECT "a b" NOT SEEN SENTSINCE 1-Feb-2026
                S: * SEARCH 3 9
                S: {tag} OK done
                C: LOGOUT
                """,
            "search",
            "--ids",
            "from:alice or from:bob subject:\"a b\" -read after:2026-02-01");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).isEqualTo("3\n9\n");
  }

  @Test
  void renumberedFolderIsNoticed() throws Exception {
    Client.Run run =
        imap(
            IMAP_LOGIN
                + """
                C: SELECT
                S: * 1 EXISTS
                S: * OK [UIDVALIDITY 8] new
                S: {tag} OK done
                C: LOGOUT
                """,
            "delete",
            "5",
            "--uid-validity",
            "7");
    assertThat(run.code()).isEqualTo(75);
    assertThat(run.err()).contains("numbered anew");
  }

  @Test
  void watchSurvivesALostConnectionAndMissesNothing() throws Exception {
    String login = IMAP_LOGIN.replace("UIDPLUS", "IDLE");
    Client.Run run =
        imap(
            login
                + """
                C: EXAMINE
                S: * 1 EXISTS
                S: * OK [UIDVALIDITY 7] ok
                S: * OK [UIDNEXT 5] next
                S: {tag} OK done
                C: UID FETCH 5:*
                S: {tag} OK done
                C: IDLE
                S: + idling
                ---
                """
                + login
                + """
                C: EXAMINE
                S: * 2 EXISTS
                S: * OK [UIDVALIDITY 7] ok
                S: * OK [UIDNEXT 6] next
                S: {tag} OK done
                C: UID FETCH 5:*
                """
                + literal(
                    "* 2 FETCH (UID 5 FLAGS () RFC822.SIZE 9 BODY[HEADER.FIELDS (FROM)]",
                    "Subject: missed\n")
                + """
                S: {tag} OK done
                C: LOGOUT
                """,
            "watch",
            "--json",
            "--count",
            "1");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("\"event\":\"lost\"").contains("\"subject\":\"missed\"");
  }
}
