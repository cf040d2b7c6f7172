package dev.postrider.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.server.config.RelayConfig;
import dev.postrider.server.config.RouteConfig.TlsLevel;
import dev.postrider.server.dns.Dns.MailExchanger;
import dev.postrider.server.dns.Dns.MxAnswer;
import dev.postrider.storage.queue.QueueEntry;
import dev.postrider.storage.queue.QueueId;
import dev.postrider.testkit.smtp.ScriptedSmtpPeer;
import dev.postrider.testkit.smtp.ScriptedSmtpPeer.Answer;
import dev.postrider.testkit.smtp.ScriptedSmtpPeer.Received;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CourierTest {

  private static final String MESSAGE =
      "From: alice@a.test\r\nSubject: hello\r\n\r\n.dot\r\n..dots\r\nlast line\r\n";

  @TempDir private Path directory;
  private RelayBench bench;
  private ScriptedSmtpPeer peer;

  @BeforeEach
  void open() throws Exception {
    bench = new RelayBench(directory);
    peer = new ScriptedSmtpPeer();
    bench.route("b.test", peer.port(), TlsLevel.OPPORTUNISTIC);
  }

  @AfterEach
  void close() throws Exception {
    bench.close();
    peer.close();
  }

  @Test
  void handsAMessageOverByteForByte() throws Exception {
    bench.start();
    bench.queue(MESSAGE, "bob@b.test");
    bench.awaitEmptyQueue();
    Received received = peer.await(5);
    assertThat(received.text()).isEqualTo(MESSAGE);
    assertThat(received.mail()).isEqualTo("MAIL FROM:<alice@a.test> SIZE=" + MESSAGE.length());
    assertThat(received.rcpts()).containsExactly("RCPT TO:<bob@b.test>");
    assertThat(bench.notices).isEmpty();
  }

  @Test
  void handsNothingOverTwiceWhenTheDiskIsFullMeanwhile() throws Exception {
    peer.on(
        ScriptedSmtpPeer.MESSAGE_END,
        command -> {
          bench.disk.full = true;
          return Answer.usual();
        });
    bench.start();
    bench.queue(MESSAGE, "bob@b.test");
    assertThat(bench.disk.refused.await(10, TimeUnit.SECONDS)).isTrue();
    bench.disk.full = false;
    bench.lookAgainUntilEmpty();
    assertThat(peer.await(5).text()).isEqualTo(MESSAGE);
    assertThat(peer.commands()).filteredOn(command -> command.startsWith("MAIL")).hasSize(1);
  }

  @Test
  void findsWhatWasQueuedBeforeItStarted() throws Exception {
    bench.queue(MESSAGE, "bob@b.test");
    bench.start();
    bench.awaitEmptyQueue();
    assertThat(peer.await(5)).isNotNull();
  }

  @Test
  void sendsRecipientsOfOneMessageInTransactionsOfAHundred() throws Exception {
    bench.relay(oneConnection());
    String[] recipients =
        IntStream.range(0, 250).mapToObj(i -> "user" + i + "@b.test").toArray(String[]::new);
    bench.queue(MESSAGE, recipients);
    bench.start();
    bench.awaitEmptyQueue();
    List<Integer> sizes =
        List.of(
            peer.await(5).rcpts().size(),
            peer.await(5).rcpts().size(),
            peer.await(5).rcpts().size());
    assertThat(sizes).containsExactly(100, 100, 50);
    assertThat(peer.connections()).isEqualTo(1);
  }

  @Test
  void usesOneConnectionForSeveralMessages() throws Exception {
    bench.relay(oneConnection());
    for (int i = 0; i < 20; i++) {
      bench.queue(MESSAGE, "bob" + i + "@b.test");
    }
    bench.start();
    bench.awaitEmptyQueue();
    assertThat(peer.connections()).isEqualTo(1);
    // It says goodbye after the last message is off the queue.
    RelayBench.await(() -> peer.commands().getLast().equals("QUIT"));
  }

  private static RelayConfig oneConnection() {
    return new RelayConfig(RelayConfig.DEFAULTS.retries(), 5, 1, 64);
  }

  @Test
  void connectsAnewWhenAKeptSessionHasEnded() throws Exception {
    bench.relay(oneConnection());
    // Takes one message per connection, and says so as rudely as can be.
    peer.on("RSET", Answer.hangUp());
    peer.on("MAIL", new OncePerConnection());
    for (int i = 0; i < 5; i++) {
      bench.queue(MESSAGE, "bob" + i + "@b.test");
    }
    bench.start();
    bench.awaitEmptyQueue();
    assertThat(peer.connections()).isGreaterThan(1);
    assertThat(bench.notices).isEmpty();
  }

  /** Serves the first MAIL of a connection and hangs up on the second. */
  private static final class OncePerConnection implements Function<String, Answer> {
    private int asked;

    @Override
    public synchronized Answer apply(String command) {
      asked++;
      return asked % 2 == 0 ? Answer.hangUp() : Answer.usual();
    }
  }

  @Test
  void tellsTheSenderOfARefusalInOneCommit() throws Exception {
    peer.on("RCPT TO:<bob@", Answer.say("550 5.1.1 no such user"));
    bench.start();
    List<QueueId> queued = bench.queue(MESSAGE, "bob@b.test", "carol@b.test");
    bench.awaitEmptyQueue();
    assertThat(peer.await(5).rcpts()).containsExactly("RCPT TO:<carol@b.test>");
    assertThat(bench.notices).hasSize(1);
    RelayBench.Notice notice = bench.notices.getFirst();
    assertThat(notice.envelope().sender()).isEmpty();
    assertThat(notice.envelope().recipients()).containsExactly(RelayBench.ALICE);
    assertThat(notice.settlements())
        .extracting(each -> each.entry())
        .containsExactlyElementsOf(queued);
    assertThat(notice.text())
        .contains("To: <alice@a.test>\r\n")
        .contains("Auto-Submitted: auto-replied\r\n")
        .contains("<bob@b.test>\r\n")
        .contains("The server 127.0.0.1 said:\r\n    550 5.1.1 no such user\r\n")
        .contains("Final-Recipient: rfc822; bob@b.test\r\nAction: failed\r\nStatus: 5.1.1\r\n")
        .contains("Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n")
        .contains("Subject: hello\r\n")
        .doesNotContain("carol@b.test")
        .doesNotContain("last line");
  }

  @Test
  void neverAnswersTheNullReversePath() throws Exception {
    peer.on("RCPT", Answer.say("550 5.1.1 no such user"));
    bench.start();
    bench.queue(Optional.empty(), false, MESSAGE, "bob@b.test");
    bench.awaitEmptyQueue();
    assertThat(bench.notices).isEmpty();
    assertThat(peer.commands()).contains("MAIL FROM:<> SIZE=" + MESSAGE.length());
  }

  @Test
  void tellsNobodyWhenTheSenderHasGone() throws Exception {
    peer.on("RCPT", Answer.say("550 5.1.1 no such user"));
    bench.start();
    bench.queue(Optional.of(new MailAddress("gone", "a.test")), false, MESSAGE, "bob@b.test");
    bench.awaitEmptyQueue();
    assertThat(bench.notices).isEmpty();
  }

  @Test
  void triesThroughTheWholeScheduleThenGivesUp() throws Exception {
    peer.on("MAIL", Answer.say("451 4.3.2 busy"));
    Instant begin = bench.clock.instant();
    bench.start();
    QueueId id = bench.queue(MESSAGE, "bob@b.test").getFirst();
    Instant last = begin;
    for (int attempt = 1; attempt <= 8; attempt++) {
      QueueEntry entry = bench.awaitAttempts(id, attempt);
      assertThat(Duration.between(last, entry.nextAttempt()))
          .isEqualTo(RelayConfig.DEFAULTS.retries().get(attempt - 1));
      assertThat(entry.lastReply()).isEqualTo("127.0.0.1 said: 451 4.3.2 busy");
      assertThat(entry.delayNoticed()).isEqualTo(attempt >= 5);
      assertThat(bench.notices).hasSize(attempt >= 5 ? 1 : 0);
      last = entry.nextAttempt();
      bench.passTimeUntilDue(id);
    }
    bench.awaitEmptyQueue();
    assertThat(bench.notices).hasSize(2);
    assertThat(bench.notices.getFirst().text())
        .contains("Action: delayed\r\nStatus: 4.3.2\r\n")
        .contains("Will-Retry-Until: Tue, 24 Nov 2026 19:52:30 +0000\r\n");
    assertThat(bench.notices.getLast().text())
        .contains("Action: failed\r\nStatus: 5.3.2\r\n")
        .contains("9 attempts were made.");
    assertThat(Duration.between(begin, last)).isEqualTo(Duration.ofHours(31).plusSeconds(3150));
  }

  @Test
  void aDeadDestinationHoldsUpNoOther() throws Exception {
    try (ScriptedSmtpPeer dead = new ScriptedSmtpPeer()) {
      dead.on(ScriptedSmtpPeer.GREETING, Answer.stall());
      bench.route("dead.test", dead.port(), TlsLevel.NONE).start();
      for (int i = 0; i < 50; i++) {
        bench.queue(MESSAGE, "x" + i + "@dead.test");
      }
      bench.queue(MESSAGE, "bob@b.test");
      assertThat(peer.await(10)).isNotNull();
      assertThat(dead.connections()).isEqualTo(1);
      assertThat(bench.store.queue().size()).isGreaterThanOrEqualTo(50);
      bench.stop(Duration.ZERO);
    }
  }

  @Test
  void oneFailureToConnectDefersAllThatWaitsForThePeer() throws Exception {
    peer.close();
    QueueId first = bench.queue(MESSAGE, "bob@b.test").getFirst();
    QueueId second = bench.queue(MESSAGE, "carol@b.test").getFirst();
    bench.start();
    assertThat(bench.awaitAttempts(first, 1).lastReply())
        .isEqualTo("The server 127.0.0.1 refuses connections.");
    assertThat(bench.awaitAttempts(second, 1).attempts()).isEqualTo(1);
  }

  @Test
  void theQueueSurvivesARestart() throws Exception {
    peer.on("MAIL", Answer.say("451 4.3.2 busy"));
    bench.start();
    QueueId id = bench.queue(MESSAGE, "bob@b.test").getFirst();
    bench.awaitAttempts(id, 1);
    bench.stop(Duration.ofSeconds(5));
    bench.reopen();
    peer.forget("MAIL");
    assertThat(bench.entry(id).attempts()).isEqualTo(1);
    bench.start();
    bench.passTimeUntilDue(id);
    bench.awaitEmptyQueue();
    assertThat(peer.await(5).text()).isEqualTo(MESSAGE);
  }

  @Test
  void stoppingGivesBackWhatWasUnderWay() throws Exception {
    peer.on(ScriptedSmtpPeer.MESSAGE_BEGIN, Answer.stall());
    bench.start();
    QueueId id = bench.queue(MESSAGE, "bob@b.test").getFirst();
    RelayBench.await(() -> peer.commands().contains("DATA"));
    bench.stop(Duration.ofMillis(100));
    assertThat(bench.entry(id).attempts()).isZero();
    assertThat(bench.store.queue().nextDue()).isPresent();
  }

  @Test
  void stoppingLetsAMessageBeFinished() throws Exception {
    CountDownLatch stopping = new CountDownLatch(1);
    peer.on(
        ScriptedSmtpPeer.MESSAGE_END,
        text -> {
          try {
            assertThat(stopping.await(10, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
          }
          return Answer.usual();
        });
    bench.start();
    bench.queue(MESSAGE, "bob@b.test");
    RelayBench.await(() -> peer.commands().contains("DATA"));
    Thread stopper = Thread.ofVirtual().start(() -> bench.stop(Duration.ofSeconds(20)));
    stopping.countDown();
    stopper.join();
    assertThat(bench.store.queue().size()).isZero();
  }

  @Test
  void sendsRecipientsThatDoNotFitInATransactionOfTheirOwn() throws Exception {
    peer.on("RCPT TO:<carol@", new FirstTime(Answer.say("452 4.5.3 too many recipients")));
    bench.start();
    bench.queue(MESSAGE, "bob@b.test", "carol@b.test");
    bench.awaitEmptyQueue();
    assertThat(peer.await(5).rcpts()).containsExactly("RCPT TO:<bob@b.test>");
    assertThat(peer.await(5).rcpts()).containsExactly("RCPT TO:<carol@b.test>");
  }

  /** Answers once, and then as usual. */
  private static final class FirstTime implements Function<String, Answer> {
    private final Answer answer;
    private boolean given;

    FirstTime(Answer answer) {
      this.answer = answer;
    }

    @Override
    public synchronized Answer apply(String command) {
      boolean first = !given;
      given = true;
      return first ? answer : Answer.usual();
    }
  }

  @Test
  void triesTheNextExchangerWhenOneRefuses() throws Exception {
    try (ScriptedSmtpPeer bad = new ScriptedSmtpPeer("127.0.0.2", peer.port())) {
      bad.on(ScriptedSmtpPeer.GREETING, Answer.sayAndHangUp("554 go away"));
      bench.mxPort(peer.port());
      bench.dns.mx(
          "c.test",
          new MxAnswer.Found(
              List.of(new MailExchanger(10, "bad.test"), new MailExchanger(20, "good.test"))));
      bench.dns.host("bad.test", "127.0.0.2").host("good.test", "127.0.0.1");
      bench.start();
      bench.queue(MESSAGE, "bob@c.test");
      bench.awaitEmptyQueue();
      assertThat(peer.await(5).rcpts()).containsExactly("RCPT TO:<bob@c.test>");
      assertThat(bad.connections()).isEqualTo(1);
    }
  }

  @Test
  void triesTheNextAddressWhenOneIsDead() throws Exception {
    bench.mxPort(peer.port());
    bench.dns.mx("c.test", "mx.c.test").host("mx.c.test", "127.0.0.2", "127.0.0.1");
    bench.start();
    bench.queue(MESSAGE, "bob@c.test");
    bench.awaitEmptyQueue();
    assertThat(peer.await(5).text()).isEqualTo(MESSAGE);
  }

  @Test
  void bouncesWhatHasNowhereToGo() throws Exception {
    bench.start();
    bench.queue(MESSAGE, "bob@missing.test");
    bench.awaitEmptyQueue();
    assertThat(bench.notices).hasSize(1);
    assertThat(bench.notices.getFirst().text())
        .contains("The domain missing.test does not exist.")
        .contains("Status: 5.1.2\r\n")
        .contains("Diagnostic-Code: x-postrider; ")
        .doesNotContain("Remote-MTA");
  }
}
