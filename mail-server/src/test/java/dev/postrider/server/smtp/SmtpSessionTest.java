package dev.postrider.server.smtp;

import static dev.postrider.server.smtp.SmtpHouse.address;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.server.config.ListenerKind;
import dev.postrider.storage.accounts.Account;
import dev.postrider.storage.accounts.Quota;
import dev.postrider.storage.queue.QueueEntry;
import dev.postrider.testkit.dialog.Dialog;
import dev.postrider.testkit.dialog.DialogPlayer;
import dev.postrider.testkit.dialog.Transport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SmtpSessionTest {

  private static final String HELLO =
"""
S: 220 {{.*}}
C: EHLO c.test
S: ...
S: 250 STARTTLS
""";
  private static final String TO_BOB =
"""
C: MAIL FROM:<a@b.test>
S: 250 {{.*}}
C: RCPT TO:<bob@a.test>
S: 250 {{.*}}
""";
  private static final String LOGIN =
"""
S: 220 {{.*}}
C: EHLO c.test
S: ...
S: 250 AUTH PLAIN LOGIN
C: AUTH PLAIN AGFsaWNlQGEudGVzdABkZW1v
S: 235 {{.*}}
""";

  private SmtpHouse house;

  @BeforeEach
  void open(@TempDir Path directory) throws Exception {
    house = new SmtpHouse(directory);
  }

  @AfterEach
  void close() throws Exception {
    house.close();
  }

  @Test
  void putsReturnPathAndReceivedOnTopAndLeavesTheRestAlone() throws Exception {
    play(
        ListenerKind.SMTP,
        HELLO
            + TO_BOB
            +
"""
C: DATA
S: 354 {{.*}}
C<<
Subject:   odd   spacing
Bcc: kept@b.test

..
.
>>
S: 250 2.0.0 Accepted as {{.*}}
C: QUIT
S: 221 {{.*}}
""");
    assertThat(house.newMail("bob@a.test"))
        .singleElement()
        .asString()
        .matches(
            "(?s)Return-Path: <a@b\\.test>\r\n"
                + "Received: from c\\.test \\(\\[[^\r]*\\] ?.*? with ESMTP.*?id [0-9a-v]{11}\\.1"
                + ".*?for <bob@a\\.test>;.*?\r\n"
                + "Subject:   odd   spacing\r\nBcc: kept@b\\.test\r\n\r\n\\.\r\n");
  }

  @Test
  void receivedTellsOfTls() throws Exception {
    play(
        ListenerKind.SMTP,
        HELLO
            +
"""
C: STARTTLS
S: 220 {{.*}}
starttls
C: EHLO c.test
S: ...
S: 250 CHUNKING
"""
            + TO_BOB
            +
"""
C: DATA
S: 354 {{.*}}
C: .
S: 250 {{.*}}
""");
    assertThat(house.newMail("bob@a.test"))
        .singleElement()
        .asString()
        .contains("TLSv1.3 TLS_AES_256_GCM_SHA384")
        .contains("with ESMTPS");
  }

  @Test
  void oneMessageForTwoNamesOfOneMailboxIsFiledOnce() throws Exception {
    play(
        ListenerKind.SMTP,
        HELLO
            + TO_BOB
            +
"""
C: RCPT TO:<bob+x@a.test>
S: 250 {{.*}}
C: RCPT TO:<alice@a.test>
S: 250 {{.*}}
C: DATA
S: 354 {{.*}}
C: .
S: 250 {{.*}}
""");
    assertThat(house.newMail("bob@a.test")).hasSize(1);
    assertThat(house.newMail("alice@a.test"))
        .singleElement()
        .asString()
        .doesNotContain("for <bob@a.test>");
  }

  @Test
  void submissionCompletesTheHeaderAndHidesBcc() throws Exception {
    play(
        ListenerKind.SUBMISSIONS,
        LOGIN
            +
"""
C: MAIL FROM:<alice@a.test>
S: 250 {{.*}}
C: RCPT TO:<bob@a.test>
S: 250 {{.*}}
C: RCPT TO:<friend@b.test>
S: 250 {{.*}}
C: RCPT TO:<friend@b.test>
S: 250 {{.*}}
C: DATA
S: 354 {{.*}}
C<<
From: alice@a.test
Bcc: friend@b.test,
 hidden@b.test
Subject: hi

body
.
>>
S: 250 2.0.0 {{.*}}
C: QUIT
S: 221 {{.*}}
""");
    String got = house.newMail("bob@a.test").getFirst();
    assertThat(got)
        .startsWith("Return-Path: <alice@a.test>\r\nReceived: ")
        .contains("ESMTPSA", "\r\nDate: ", "\r\nMessage-ID: <", "@a.test>\r\n", "Subject: hi\r\n")
        .doesNotContain("hidden", "Bcc")
        .endsWith(
"""
\r
\r
body\r
""");
    assertThat(house.queue()).hasSize(1);
    QueueEntry entry = house.queue().getFirst();
    assertThat(entry.recipient()).isEqualTo(address("friend@b.test"));
    assertThat(entry.sender()).contains(address("alice@a.test"));
    String queued =
        new String(house.store().messages().body(entry.body()).open().readAllBytes(), UTF_8);
    assertThat(queued).startsWith("Received: ").doesNotContain("Return-Path", "Bcc");
  }

  @Test
  void submissionKeepsDateAndMessageIdThatAreThere() throws Exception {
    play(
        ListenerKind.SUBMISSIONS,
        LOGIN
            +
"""
C: MAIL FROM:<alice@a.test>
S: 250 {{.*}}
C: RCPT TO:<bob@a.test>
S: 250 {{.*}}
C: DATA
S: 354 {{.*}}
C<<
date: yesterday
MESSAGE-ID: <1@x>
Subject: hi

body
.
>>
S: 250 2.0.0 {{.*}}
""");
    assertThat(house.newMail("bob@a.test").getFirst())
        .endsWith(
"""
\r
date: yesterday\r
MESSAGE-ID: <1@x>\r
Subject: hi\r
\r
body\r
""");
  }

  @Test
  void aMessageThatWentInCirclesIsRefused() throws Exception {
    StringBuilder hops = new StringBuilder();
    for (int i = 0; i <= 100; i++) {
      hops.append("Received: from x by y; Mon, 23 Nov 2026 00:00:00 +0000\n");
    }
    play(
        ListenerKind.SMTP,
        HELLO
            + TO_BOB
            +
"""
C: DATA
S: 354 {{.*}}
C<<
"""
            + hops
            +
"""

round
.
>>
S: 554 5.4.6 {{.*}}
C: NOOP
S: 250 {{.*}}
""");
    assertThat(house.newMail("bob@a.test")).isEmpty();
  }

  @Test
  void aMessageThatIsTooLargeIsReadToItsEndAndRefused() throws Exception {
    String line = "x".repeat(998);
    play(
        ListenerKind.SMTP,
        HELLO
            + TO_BOB
            +
"""
C: DATA
S: 354 {{.*}}
C*1100: \
"""
            + line
            +
"""

C: .
S: 552 5.3.4 {{.*}}
"""
            + TO_BOB
            +
"""
C: DATA
S: 354 {{.*}}
C: .
S: 250 {{.*}}
""");
    assertThat(house.newMail("bob@a.test")).hasSize(1);
  }

  @Test
  void recipientsBeyondTheLimitAreToBeSentSeparately() throws Exception {
    play(
        ListenerKind.SMTP,
        HELLO
            +
"""
C: MAIL FROM:<a@b.test>
S: 250 {{.*}}
C*101: RCPT TO:<bob@a.test>
S*100: 250 {{.*}}
S: 452 4.5.3 {{.*}}
C: DATA
S: 354 {{.*}}
C: .
S: 250 {{.*}}
""");
    assertThat(house.newMail("bob@a.test")).hasSize(1);
  }

  @Test
  void whoHasNoRoomIsToldApartWhereTheSizeIsAnnounced() throws Exception {
    Account bob = house.store().accounts().find(SmtpHouse.address("bob@a.test")).orElseThrow();
    house.store().quotas().change(bob.id(), new Quota(1000, 1, Quota.UNSET));
    play(
        ListenerKind.SMTP,
        HELLO
            +
"""
C: MAIL FROM:<a@b.test> SIZE=1001
S: 250 {{.*}}
C: RCPT TO:<bob@a.test>
S: 452 4.2.2 {{.*}}
C: RCPT TO:<alice@a.test>
S: 250 {{.*}}
C: DATA
S: 354 {{.*}}
C: A: b
C:
C: .
S: 250 {{.*}}
C: MAIL FROM:<a@b.test>
S: 250 {{.*}}
C: RCPT TO:<bob@a.test>
S: 250 {{.*}}
C: DATA
S: 354 {{.*}}
"""
            + "C: x: %s\nC:\nC: .\n".formatted("y".repeat(900))
            +
"""
S: 452 4.2.2 {{.*}}
C: MAIL FROM:<a@b.test> SIZE=100
S: 250 {{.*}}
C: RCPT TO:<bob@a.test>
S: 250 {{.*}}
C: DATA
S: 354 {{.*}}
C: A: b
C:
C: .
S: 250 {{.*}}
C: MAIL FROM:<>
S: 250 {{.*}}
C: RCPT TO:<bob@a.test>
S: 452 4.2.2 {{.*}}
C: QUIT
S: 221 {{.*}}
""");
    assertThat(house.newMail("alice@a.test")).hasSize(1);
    assertThat(house.newMail("bob@a.test")).hasSize(1);
  }

  @Test
  void anAccountThatSendsTooMuchHasToWait() throws Exception {
    String hundred =
"""
C: MAIL FROM:<alice@a.test>
S: 250 {{.*}}
C*90: RCPT TO:<x@b.test>
""";
    play(
        ListenerKind.SUBMISSIONS,
        LOGIN
            + hundred
            +
"""
S*90: 250 {{.*}}
C: RSET
S: 250 {{.*}}
"""
            + hundred
            +
"""
S*60: 250 {{.*}}
S*30: 450 4.7.1 {{.*}}
""");
  }

  @Test
  void aMessageCutOffInTheMiddleLeavesNothing() throws Exception {
    for (String cut :
        new String[] {
"""
C: DATA
S: 354 {{.*}}
C: Subject: half
close
""",
"""
C: DATA
S: 354 {{.*}}
C-: Subject: half\\x0D\\x0A.
close
""",
"""
C: BDAT 100
C-: abc
close
""",
"""
C: BDAT 3
C-: abc
S: 250 {{.*}}
close
""",
"""
C-: DAT
close
"""
        }) {
      play(ListenerKind.SMTP, HELLO + TO_BOB + cut);
    }
    awaitNoSessions();
    assertThat(house.newMail("bob@a.test")).isEmpty();
  }

  @Test
  void binaryGarbageGetsErrorsAndThenTheEnd() throws Exception {
    byte[] garbage = new byte[200_000];
    new Random(7).nextBytes(garbage);
    garbage[0] = 'x';
    try (Transport peer = house.socket(ListenerKind.SMTP)) {
      assertThat(peer.in().read()).isEqualTo('2');
      Thread writer =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      peer.out().write(garbage);
                      peer.out().flush();
                      peer.closeOutput();
                    } catch (IOException e) {
                      // The server had enough.
                      return;
                    }
                  });
      String said = new String(peer.in().readAllBytes(), ISO_8859_1);
      writer.join();
      assertThat(said.lines().skip(1)).isNotEmpty().allMatch(l -> l.matches("(500|421) .*"));
    }
  }

  @Test
  void wrongPasswordsAreThrottled() throws Exception {
    String wrong = "C: AUTH PLAIN AGFsaWNlQGEudGVzdAB3cm9uZw==\n";
    String start =
"""
S: 220 {{.*}}
C: EHLO c.test
S: ...
S: 250 AUTH PLAIN LOGIN
""";
    play(
        ListenerKind.SUBMISSIONS,
        start + (wrong + "S: 535 5.7.8 {{.*}}\n").repeat(4) + wrong + "S: 421 4.7.0 {{.*}}\n");
    play(
        ListenerKind.SUBMISSIONS,
        start + (wrong + "S: 535 5.7.8 {{.*}}\n").repeat(4) + wrong + "S: 421 4.7.0 {{.*}}\n");
    play(ListenerKind.SUBMISSIONS, start + wrong + "S: 454 4.7.0 {{.*}}\n");
  }

  @Test
  void aClientThatTalksFirstIsSentAway() throws Exception {
    Transport peer = house.pipe(ListenerKind.SMTP, "EHLO spam.test\r\n");
    assertThat(new String(peer.in().readAllBytes(), UTF_8)).startsWith("554 5.5.1 ");
    peer.close();
  }

  @Test
  void aStoppingServerSaysGoodbyeToWhoWaits() throws Exception {
    try (Transport peer = house.socket(ListenerKind.SMTP)) {
      while (peer.in().read() != '\n') {
        // The greeting.
      }
      Thread stopper = Thread.ofVirtual().start(() -> house.listeners().stop(SmtpHouse.LIMIT));
      assertThat(new String(peer.in().readAllBytes(), UTF_8))
          .isEqualTo("421 4.3.2 The server is stopping, try again later\r\n");
      stopper.join();
    }
  }

  @Test
  void aStoppingServerFinishesTheMessageInHand() throws Exception {
    CountDownLatch stopped = new CountDownLatch(1);
    try (DialogPlayer player = new DialogPlayer(_ -> house.socket(ListenerKind.SMTP))) {
      player.play(
          Dialog.parse(
              "begin",
              HELLO
                  + TO_BOB
                  +
"""
C: DATA
S: 354 {{.*}}
C: X: y
"""));
      Thread.ofVirtual()
          .start(
              () -> {
                house.listeners().stop(SmtpHouse.LIMIT);
                stopped.countDown();
              });
      while (house.accepts(ListenerKind.SMTP)) {
        Thread.onSpinWait();
      }
      player.play(
          Dialog.parse(
              "end",
"""
C: .
S: 250 {{.*}}
S: 421 4.3.2 {{.*}}
expect-close
"""));
    }
    assertThat(stopped.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(house.newMail("bob@a.test")).hasSize(1);
  }

  private void play(ListenerKind kind, String text) {
    try (DialogPlayer player = new DialogPlayer(_ -> house.socket(kind))) {
      player.play(Dialog.parse("dialog", text));
    }
  }

  private void awaitNoSessions() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    for (int i = 0; i < 1000 && house.listeners().connections() > 0; i++) {
      assertThat(never.await(10, TimeUnit.MILLISECONDS)).isFalse();
    }
  }
}
