package dev.postrider.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.server.config.RouteConfig.TlsLevel;
import dev.postrider.storage.queue.QueueEntry;
import dev.postrider.storage.queue.QueueId;
import dev.postrider.testkit.smtp.ScriptedSmtpPeer;
import dev.postrider.testkit.smtp.ScriptedSmtpPeer.Answer;
import dev.postrider.testkit.smtp.ScriptedSmtpPeer.Received;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What peers do, and what becomes of the message. */
@Timeout(60)
class PeerSessionTest {

  private static final String MESSAGE = "Subject: hello\r\n\r\nbody\r\n";

  @TempDir private Path directory;
  private RelayBench bench;
  private ScriptedSmtpPeer peer;

  @BeforeEach
  void open() throws Exception {
    bench = new RelayBench(directory);
    peer = new ScriptedSmtpPeer();
  }

  @AfterEach
  void close() throws Exception {
    bench.close();
    peer.close();
  }

  private QueueEntry deferred() throws Exception {
    return deferred(TlsLevel.OPPORTUNISTIC);
  }

  private QueueEntry deferred(TlsLevel level) throws Exception {
    bench.route("b.test", "localhost", peer.port(), level);
    bench.dns.host("localhost", "127.0.0.1");
    bench.start();
    QueueId id = bench.queue(MESSAGE, "bob@b.test").getFirst();
    QueueEntry entry = bench.awaitAttempts(id, 1);
    assertThat(entry.attempts()).isEqualTo(1);
    assertThat(bench.notices).isEmpty();
    return entry;
  }

  private Received delivered() throws Exception {
    return delivered(TlsLevel.OPPORTUNISTIC);
  }

  private Received delivered(TlsLevel level) throws Exception {
    bench.route("b.test", "localhost", peer.port(), level);
    bench.dns.host("localhost", "127.0.0.1");
    bench.start();
    bench.queue(MESSAGE, "bob@b.test");
    bench.awaitEmptyQueue();
    assertThat(bench.notices).isEmpty();
    return peer.await(5);
  }

  private String bounced(String text, boolean smtpUtf8, String recipient) throws Exception {
    bench.route("b.test", peer.port(), TlsLevel.OPPORTUNISTIC).start();
    bench.queue(Optional.of(RelayBench.ALICE), smtpUtf8, text, recipient);
    bench.awaitEmptyQueue();
    assertThat(bench.notices).hasSize(1);
    return bench.notices.getFirst().text();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ScriptedSmtpPeer.GREETING,
        "EHLO",
        "MAIL",
        "RCPT",
        "DATA",
        ScriptedSmtpPeer.MESSAGE_BEGIN,
        ScriptedSmtpPeer.MESSAGE_END
      })
  void defersWhenThePeerHangsUp(String moment) throws Exception {
    peer.on(moment, Answer.hangUp());
    assertThat(deferred().lastReply()).contains("The connection to localhost was lost while");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ScriptedSmtpPeer.GREETING,
        "EHLO",
        "MAIL",
        "RCPT",
        "DATA",
        ScriptedSmtpPeer.MESSAGE_BEGIN,
        ScriptedSmtpPeer.MESSAGE_END
      })
  void defersWhenThePeerFallsSilent(String moment) throws Exception {
    peer.on(moment, Answer.stall());
    bench.each(Duration.ofMillis(400));
    assertThat(deferred().lastReply()).contains("The server localhost took too long while");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ScriptedSmtpPeer.GREETING,
        "EHLO",
        "MAIL",
        "RCPT",
        "DATA",
        ScriptedSmtpPeer.MESSAGE_END
      })
  void defersWhenThePeerTalksNonsense(String moment) throws Exception {
    peer.on(moment, Answer.say("<html>this is no mail server</html>"));
    assertThat(deferred().lastReply()).contains("broke the rules of SMTP");
  }

  @Test
  void defersOnARefusalThatMayPass() throws Exception {
    peer.on("RCPT", Answer.say("450 4.2.1 greylisted"));
    assertThat(deferred().lastReply()).isEqualTo("localhost said: 450 4.2.1 greylisted");
  }

  @Test
  void boundsAReplyOfTenThousandLines() throws Exception {
    String[] lines = new String[10_000];
    Arrays.fill(lines, "250-more");
    peer.on("MAIL", Answer.say(lines));
    assertThat(deferred().lastReply()).contains("broke the rules of SMTP");
  }

  @Test
  void boundsAReplyLine() throws Exception {
    peer.on("EHLO", Answer.say("250 " + "x".repeat(1_000_000)));
    assertThat(deferred().lastReply()).contains("broke the rules of SMTP");
  }

  @Test
  void cutsALongReplyShortForTheSender() throws Exception {
    peer.on("RCPT", Answer.say("550 5.7.1 " + "long ".repeat(1000)));
    assertThat(bounced(MESSAGE, false, "bob@b.test").lines()).allMatch(line -> line.length() < 998);
  }

  @Test
  void fallsBackToHelo() throws Exception {
    peer.on("EHLO", Answer.say("502 5.5.1 what?"));
    assertThat(delivered().mail()).isEqualTo("MAIL FROM:<alice@a.test>");
    assertThat(peer.commands()).contains("HELO mx.a.test");
  }

  @Test
  void goesStepByStepWithoutPipelining() throws Exception {
    peer.offering("8BITMIME");
    assertThat(delivered().text()).isEqualTo(MESSAGE);
  }

  @Test
  void sendsNothingToAPeerThatWantsAMessageForNobody() throws Exception {
    peer.on("RCPT", Answer.say("550 5.1.1 no"));
    peer.on("DATA", Answer.say("354 well then"));
    bounced(MESSAGE, false, "bob@b.test");
    assertThat(peer.commands()).contains(".").doesNotContain("Subject: hello");
  }

  @Test
  void failsAMessageThatIsTooLargeForThePeer() throws Exception {
    peer.offering("PIPELINING", "SIZE 10");
    assertThat(bounced(MESSAGE, false, "bob@b.test")).contains("Status: 5.3.4\r\n");
    assertThat(peer.commands()).noneMatch(command -> command.startsWith("MAIL"));
  }

  @Test
  void failsEightBitContentThatThePeerDoesNotTake() throws Exception {
    peer.offering("PIPELINING");
    assertThat(bounced("Subject: x\r\n\r\ncaf\u00e9\r\n", false, "bob@b.test"))
        .contains("Status: 5.6.3\r\n");
  }

  @Test
  void failsNonAsciiAddressesThatThePeerDoesNotTake() throws Exception {
    String notice = bounced(MESSAGE, true, "b\u00f6b@b.test");
    assertThat(notice)
        .contains("Status: 5.6.7\r\n")
        .contains("Final-Recipient: utf-8; b\\x{F6}b@b.test\r\n")
        .contains("<b=C3=B6b@b");
  }

  @Test
  void cutsALoopAtAPeerOfOurName() throws Exception {
    peer.on("EHLO", Answer.say("250 mx.a.test hello yourself"));
    assertThat(bounced(MESSAGE, false, "bob@b.test")).contains("Status: 5.4.6\r\n");
  }

  @Test
  void failsAtAHostThatTakesNoMail() throws Exception {
    peer.on(ScriptedSmtpPeer.GREETING, Answer.sayAndHangUp("521 no mail here"));
    assertThat(bounced(MESSAGE, false, "bob@b.test")).contains("521 no mail here");
  }

  @Test
  void encryptsWithAnyCertificateWhereTlsIsOpportunistic() throws Exception {
    peer.withTls(certificate("other.test").server());
    assertThat(delivered().encrypted()).isTrue();
    assertThat(peer.commands().stream().filter(each -> each.startsWith("EHLO"))).hasSize(2);
  }

  @Test
  void doesWithoutTlsWhereARouteSaysSo() throws Exception {
    peer.withTls(certificate("localhost").server());
    assertThat(delivered(TlsLevel.NONE).encrypted()).isFalse();
  }

  @Test
  void sendsInTheClearWhenOpportunisticTlsFails() throws Exception {
    // No certificate at all: every handshake fails.
    SSLContext broken = SSLContext.getInstance("TLS");
    broken.init(null, null, null);
    peer.withTls(broken);
    assertThat(delivered().encrypted()).isFalse();
    assertThat(peer.connections()).isEqualTo(2);
  }

  @Test
  void sendsInTheClearWhenStartTlsIsRefused() throws Exception {
    peer.withTls(certificate("localhost").server());
    peer.on("STARTTLS", Answer.say("454 4.7.0 not now"));
    assertThat(delivered().encrypted()).isFalse();
    assertThat(peer.connections()).isEqualTo(1);
  }

  @Test
  void takesNothingThatWasSentBeforeTheHandshake() throws Exception {
    peer.withTls(certificate("localhost").server());
    peer.on("STARTTLS", Answer.say("220 go", "250-evil", "250 PIPELINING"));
    assertThat(delivered().encrypted()).isFalse();
    assertThat(peer.connections()).isEqualTo(2);
  }

  @Test
  void sendsWithAValidCertificateWhereTlsIsRequired() throws Exception {
    TestCertificate certificate = certificate("localhost");
    peer.withTls(certificate.server());
    bench.tls(PeerTls.trusting(Optional.of(certificate.trust())));
    assertThat(delivered(TlsLevel.REQUIRED).encrypted()).isTrue();
  }

  @Test
  void defersAnUntrustedCertificateWhereTlsIsRequired() throws Exception {
    peer.withTls(certificate("localhost").server());
    assertThat(deferred(TlsLevel.REQUIRED).lastReply()).contains("could not prove who it is");
    assertThat(peer.commands()).noneMatch(command -> command.startsWith("MAIL"));
  }

  @Test
  void defersACertificateOfAnotherNameWhereTlsIsRequired() throws Exception {
    TestCertificate certificate = certificate("other.test");
    peer.withTls(certificate.server());
    bench.tls(PeerTls.trusting(Optional.of(certificate.trust())));
    assertThat(deferred(TlsLevel.REQUIRED).lastReply()).contains("could not prove who it is");
  }

  @Test
  void defersWithoutStartTlsWhereTlsIsRequired() throws Exception {
    assertThat(deferred(TlsLevel.REQUIRED).lastReply()).contains("offers no encryption");
    assertThat(peer.commands()).noneMatch(command -> command.startsWith("MAIL"));
  }

  /** Valid by the wall clock, which is what the JDK checks a certificate against. */
  private static TestCertificate certificate(String host) throws Exception {
    return TestCertificate.of(host, Instant.now());
  }
}
