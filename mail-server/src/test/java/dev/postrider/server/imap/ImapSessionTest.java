package dev.postrider.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.server.config.ImapConfig;
import dev.postrider.server.config.LimitsConfig;
import dev.postrider.storage.StoreSettings;
import dev.postrider.testkit.dialog.Dialog;
import dev.postrider.testkit.dialog.DialogPlayer;
import dev.postrider.testkit.dialog.DuplexPipe;
import dev.postrider.testkit.dialog.Transport;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImapSessionTest {

  @TempDir Path directory;

  private static LimitsConfig limits(Duration idle, Duration unauthenticated) {
    LimitsConfig usual = LimitsConfig.DEFAULTS;
    return new LimitsConfig(
        usual.messageOctetsMax(),
        usual.recipientsMax(),
        usual.connectionsMax(),
        usual.connectionsPerAddressMax(),
        usual.connectionsPerAddressPerMinute(),
        usual.messagesPerAccountPerHour(),
        idle,
        usual.commandTimeout(),
        usual.writeTimeout(),
        unauthenticated,
        usual.failedLoginsPerAddress());
  }

  @Test
  void endsASilentClientWithAWord() throws Exception {
    Duration soon = Duration.ofMillis(50);
    try (ImapRig rig = new ImapRig(directory, limits(soon, Duration.ofMinutes(1)))) {
      rig.play(
          """
          S: * OK {{.*}}
          C: a LOGIN alice@a.test secret
          S: a OK {{.*}}
          S: * BYE Silent for too long
          expect-close
          """);
      rig.play(
          """
          S: * OK {{.*}}
          C: a LOGIN alice@a.test secret
          S: a OK {{.*}}
          C: b IDLE
          S: + idling
          S: * BYE Silent for too long
          expect-close
          """);
    }
  }

  @Test
  void sendsAWordToAClientThatIdles() throws Exception {
    ImapConfig often = ImapConfig.DEFAULTS.withIdleWord(Duration.ofMillis(20));
    try (ImapRig rig = new ImapRig(directory, often)) {
      rig.play(
          """
          S: * OK {{.*}}
          C: a LOGIN alice@a.test secret
          S: a OK {{.*}}
          C: b SELECT INBOX
          S: ...
          S: b OK {{.*}}
          C: c IDLE
          S: + idling
          S: * OK Still here
          S: * OK Still here
          C-: DO
          S: * OK Still here
          C: NE
          S: ...
          S: c OK Idled
          C: d LOGOUT
          S: ...
          S: d OK {{.*}}
          """);
    }
  }

  @Test
  void fullDiskIsSaidAndMailCanStillBeReadAndDeleted() throws Exception {
    StoreSettings full = StoreSettings.defaults().withReserveOctets(Long.MAX_VALUE / 2);
    try (ImapRig rig = new ImapRig(directory, LimitsConfig.DEFAULTS, full)) {
      rig.play(
          """
          S: * OK {{.*}}
          C: a LOGIN alice@a.test secret
          S: a OK {{.*}}
          C: b APPEND INBOX {4+}
          C: text
          S: b NO [OVERQUOTA] No room on the server now; try again later
          C: c SELECT INBOX
          S: ...
          S: c OK {{.*}}
          C: d DELETE Trash
          S: d OK {{.*}}
          """);
    }
  }

  /** What is not damaged is served, and what is is refused before the first octet of it. */
  @Test
  void bodyThatIsDamagedOnTheDiskIsRefusedAndItsHeaderIsNot() throws Exception {
    String text = "the body that will be damaged ".repeat(1000);
    try (ImapRig rig = new ImapRig(directory)) {
      rig.deliver("INBOX", "Subject: hello\n\n" + text);
      rig.deliver("INBOX", "Subject: other\n\nwhole");
    }
    ImapRig.damage(directory, "damaged");
    try (ImapRig rig = new ImapRig(directory)) {
      rig.play(
          """
          S: * OK {{.*}}
          C: a LOGIN alice@a.test secret
          S: a OK {{.*}}
          C: b SELECT INBOX
          S: ...
          S: b OK {{.*}}
          C: c FETCH 1 ENVELOPE
          S: * 1 FETCH (ENVELOPE (NIL "hello" NIL NIL NIL NIL NIL NIL NIL NIL))
          S: c OK {{.*}}
          C: d FETCH 1 BODY
          S: * 1 FETCH (BODY ("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 30000 0))
          S: d OK {{.*}}
          C: e FETCH 1 BODY.PEEK[HEADER]
          S: * 1 FETCH (BODY[HEADER] {18}
          S: Subject: hello
          S:
          S: )
          S: e OK {{.*}}
          C: f FETCH 1 BODY.PEEK[HEADER.FIELDS (Subject)]
          S: * 1 FETCH (BODY[HEADER.FIELDS (Subject)] {18}
          S: Subject: hello
          S:
          S: )
          S: f OK {{.*}}
          C: g FETCH 1:2 BODY.PEEK[TEXT]<0.5>
          S: * 2 FETCH (BODY[TEXT]<0> {5}
          S: whole)
          S: g NO [SERVERBUG] {{.*}}
          C: h FETCH 1 BODY.PEEK[]
          S: h NO [SERVERBUG] {{.*}}
          C: i FETCH 1 BODY.PEEK[1]
          S: i NO [SERVERBUG] {{.*}}
          C: k FETCH 1:2 BINARY.PEEK[1]<0.5>
          S: * 2 FETCH (BINARY[1]<0> {5}
          S: whole)
          S: k NO [SERVERBUG] {{.*}}
          C: m FETCH 1:2 (UID BINARY.PEEK[1])
          S: * 2 FETCH (UID 2 BINARY[1] {5}
          S: whole)
          S: m NO [SERVERBUG] {{.*}}
          C: j NOOP
          S: j OK {{.*}}
          """);
    }
  }

  @Test
  void givesNobodyForeverToLogIn() throws Exception {
    try (ImapRig rig =
        new ImapRig(directory, limits(Duration.ofMinutes(30), Duration.ofMinutes(1)))) {
      try (DialogPlayer player = new DialogPlayer(rig::open)) {
        player.play(Dialog.parse("greeting", "S: * OK {{.*}}\nC: a NOOP\nS: a OK {{.*}}"));
        rig.clock.advance(Duration.ofMinutes(2));
        // The session waits for octets, and looks at the clock when some have come.
        player.play(
            Dialog.parse("late", "C: b NOOP\nS: ...\nS: * BYE Login took too long\nexpect-close"));
      }
    }
  }

  @Test
  void givesNobodyForeverToLogInOnceMore() throws Exception {
    try (ImapRig rig =
        new ImapRig(directory, limits(Duration.ofMinutes(30), Duration.ofMinutes(1)))) {
      try (DialogPlayer player = new DialogPlayer(rig::open)) {
        player.play(
            Dialog.parse(
                "in",
                """
                S: * OK {{.*}}
                C: a LOGIN alice@a.test secret
                S: a OK {{.*}}
                C: b NOOP
                S: b OK {{.*}}
                """));
        rig.clock.advance(Duration.ofMinutes(2));
        player.play(
            Dialog.parse(
                "out",
                """
                C: c UNAUTHENTICATE
                S: c OK {{.*}}
                C: d NOOP
                S: d OK {{.*}}
                """));
        rig.clock.advance(Duration.ofMinutes(2));
        player.play(
            Dialog.parse("late", "C: e NOOP\nS: ...\nS: * BYE Login took too long\nexpect-close"));
      }
    }
  }

  @Test
  void saysGoodbyeWhenTheServerStops() throws Exception {
    try (ImapRig rig = new ImapRig(directory)) {
      try (DialogPlayer player = new DialogPlayer(rig::open)) {
        player.play(
            Dialog.parse(
                "before",
                """
                fresh S: * OK {{.*}}
                idle S: * OK {{.*}}
                idle C: a LOGIN alice@a.test secret
                idle S: a OK {{.*}}
                idle C: b SELECT INBOX
                idle S: ...
                idle S: b OK {{.*}}
                idle C: c IDLE
                idle S: + idling
                """));
        rig.drain();
        player.play(
            Dialog.parse(
                "after",
                """
                fresh S: * BYE Server is shutting down
                fresh expect-close
                idle S: * BYE Server is shutting down
                idle expect-close
                """));
        rig.awaitSessions();
      }
    }
  }

  @Test
  void refusesOctetsInTheClearBehindStartTls() throws Exception {
    try (ImapRig rig = new ImapRig(directory)) {
      rig.play(
          """
          plain S: * OK {{.*}}
          plain C-: a STARTTLS\\x0d\\x0ab LOGIN alice@a.test secret\\x0d\\x0a
          plain S: a OK Begin TLS now
          plain S: * BYE Octets in the clear behind STARTTLS
          plain expect-close
          """);
    }
  }

  @Test
  void isNotHeldByAClientThatNeverReads() throws Exception {
    try (ImapRig rig = new ImapRig(directory)) {
      rig.deliver("INBOX", "Subject: big\n\n" + "x".repeat(4_000_000) + "\n");
      DuplexPipe narrow = new DuplexPipe(4096, Duration.ofMillis(200));
      try (Transport client = rig.open("deaf", narrow)) {
        BufferedReader in =
            new BufferedReader(new InputStreamReader(client.in(), StandardCharsets.US_ASCII));
        assertThat(in.readLine()).startsWith("* OK");
        OutputStream out = client.out();
        out.write(
            "a LOGIN alice@a.test secret\r\nb SELECT INBOX\r\nc FETCH 1 BODY[]\r\n"
                .getBytes(StandardCharsets.US_ASCII));
        // Reads nothing any more; the write limit of the connection ends the session.
        rig.awaitSessions();
      }
    }
  }

  @Test
  void leavesNothingOfOneSessionInTheNext() throws Exception {
    try (ImapRig rig = new ImapRig(directory)) {
      rig.play(
          """
          a S: * OK {{.*}}
          a C: a LOGIN alice@a.test secret
          a S: a OK {{.*}}
          a C: b CREATE secret-project
          a S: b OK {{.*}}
          b S: * OK {{.*}}
          b C: a LOGIN bob@a.test secret
          b S: a OK {{.*}}
          b C: b SELECT secret-project
          b S: b NO [NONEXISTENT] {{.*}}
          b C: c LIST "" *project
          b S: c OK {{.*}}
          """);
    }
  }

  @Test
  void losesNothingOfAMessageThatWasHalfSent() throws Exception {
    try (ImapRig rig = new ImapRig(directory)) {
      rig.play(
          """
          S: * OK {{.*}}
          C: a LOGIN alice@a.test secret
          S: a OK {{.*}}
          C: b APPEND INBOX {1000}
          S: + OK
          C: Subject: half
          close
          """);
      rig.awaitSessions();
      assertThat(rig.store.mailboxes().status(rig.mailbox("INBOX").id()).messages()).isZero();
    }
  }

  @Test
  void tellsAnIdlingClientOfADelivery() throws Exception {
    try (ImapRig rig = new ImapRig(directory);
        DialogPlayer player = new DialogPlayer(rig::open)) {
      player.play(
          Dialog.parse(
              "idle",
              """
              S: * OK {{.*}}
              C: a LOGIN alice@a.test secret
              S: a OK {{.*}}
              C: b SELECT INBOX
              S: ...
              S: b OK {{.*}}
              C: c IDLE
              S: + idling
              """));
      rig.deliver("INBOX", "Subject: new\n\nHello\n");
      player.play(Dialog.parse("push", "S: * 1 EXISTS\nS: * 1 RECENT\nC: DONE\nS: c OK {{.*}}"));
    }
  }
}
