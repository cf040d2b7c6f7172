package dev.postrider.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.protocol.message.DeliveryStatusNotification.Action;
import dev.postrider.protocol.message.DeliveryStatusNotification.DeliveryStatus;
import dev.postrider.protocol.message.DeliveryStatusNotification.RecipientStatus;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.junit.jupiter.api.Test;

class DeliveryStatusNotificationTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  private static RecipientStatus failed(MailAddress recipient, String diagnostic) {
    return new RecipientStatus(
        recipient,
        Action.FAILED,
        "5.1.1",
        Optional.of("mx.b.test"),
        "smtp",
        diagnostic,
        Optional.of(NOW),
        Optional.empty());
  }

  private static DeliveryStatusNotification notification(
      MailAddress to, String text, String headers, RecipientStatus... recipients) {
    return new DeliveryStatusNotification(
        "mx.a.test",
        to,
        "Your message could not be delivered",
        NOW,
        "dsn.1@mx.a.test",
        "=_boundary",
        text,
        new DeliveryStatus("mx.a.test", Optional.of(NOW), List.of(recipients)),
        headers);
  }

  private static final MailAddress ALICE = new MailAddress("alice", "a.test");
  private static final MailAddress BOB = new MailAddress("bob", "b.test");

  /** Content types and decoded bodies of the parts, as another program finds them. */
  private static List<String> parts(DeliveryStatusNotification notification) throws Exception {
    MimeTokenStream parser = new MimeTokenStream();
    parser.parse(new ByteArrayInputStream(notification.encode()));
    List<String> found = new ArrayList<>();
    for (EntityState state = parser.getState();
        state != EntityState.T_END_OF_STREAM;
        state = parser.next()) {
      if (state == EntityState.T_START_MULTIPART) {
        found.add(parser.getBodyDescriptor().getMimeType());
      }
      if (state == EntityState.T_BODY) {
        String body =
            new String(parser.getDecodedInputStream().readAllBytes(), StandardCharsets.UTF_8);
        found.add(parser.getBodyDescriptor().getMimeType() + "\n" + body);
      }
    }
    return found;
  }

  @Test
  void isReadBackByAnotherParser() throws Exception {
    List<String> parts =
        parts(
            notification(
                ALICE,
                "Not delivered.\nSorry.\n",
                "Subject: hello\r\nFrom: alice@a.test\r\n",
                failed(BOB, "550 5.1.1 no such user")));
    assertThat(parts)
        .containsExactly(
            "multipart/report",
            "text/plain\nNot delivered.\r\nSorry.\r\n",
            "message/delivery-status\n"
                + """
                Reporting-MTA: dns; mx.a.test
                Arrival-Date: Mon, 23 Nov 2026 12:00:00 +0000

                Final-Recipient: rfc822; bob@b.test
                Action: failed
                Status: 5.1.1
                Remote-MTA: dns; mx.b.test
                Diagnostic-Code: smtp; 550 5.1.1 no such user
                Last-Attempt-Date: Mon, 23 Nov 2026 12:00:00 +0000
                """
                    .replace("\n", "\r\n"),
            "text/rfc822-headers\nSubject: hello\r\nFrom: alice@a.test\r\n");
  }

  @Test
  void keepsWordsOfAPeerFromBecomingFields() {
    String status =
        new DeliveryStatus(
                "mx.a.test",
                Optional.empty(),
                List.of(failed(BOB, "550 no\r\nAction: delivered\r\n\r\n\u0007caf\u00e9")))
            .encode();
    assertThat(status.lines().filter(line -> line.startsWith("Action:")))
        .containsExactly("Action: failed");
    assertThat(status).contains("caf?").matches("[\\r\\n\\x20-\\x7e]*");
  }

  @Test
  void foldsAndCutsLongDiagnostics() {
    String status =
        new DeliveryStatus(
                "mx.a.test",
                Optional.empty(),
                List.of(failed(BOB, "550 " + "word ".repeat(1000)), failed(BOB, "5".repeat(5000))))
            .encode();
    assertThat(status.lines()).allMatch(line -> line.length() < 998);
    assertThat(status).hasSizeLessThan(3000);
  }

  @Test
  void writesNonAsciiRecipientsInAscii() {
    String status =
        new DeliveryStatus(
                "mx.a.test",
                Optional.empty(),
                List.of(failed(new MailAddress("b\u00f6b+x", "b.test"), "550 no")))
            .encode();
    assertThat(status).contains("Final-Recipient: utf-8; b\\x{F6}b\\x{2B}x@b.test\r\n");
  }

  @Test
  void quotesTextThatIsNotAscii() throws Exception {
    DeliveryStatusNotification notification =
        notification(ALICE, "Sch\u00f6n w\u00e4r's.\n", "Subject: x\r\n", failed(BOB, "550 no"));
    assertThat(notification.isEightBit()).isFalse();
    assertThat(parts(notification).get(1)).isEqualTo("text/plain\nSch\u00f6n w\u00e4r's.\r\n");
    assertThat(new String(notification.encode(), StandardCharsets.ISO_8859_1))
        .contains("Sch=C3=B6n");
  }

  @Test
  void saysWhenTheHeadersNeedEightBits() {
    assertThat(
            notification(ALICE, "x\n", "Subject: caf\u00e9\r\n", failed(BOB, "550 no"))
                .isEightBit())
        .isTrue();
    assertThat(
            notification(
                    new MailAddress("\u00e9ric", "a.test"),
                    "x\n",
                    "Subject: x\r\n",
                    failed(BOB, "550 no"))
                .needsSmtpUtf8())
        .isTrue();
  }

  @Test
  void cutsHeadersAtTheEndOfALine() throws Exception {
    String headers = "X-Long: 0123456789abcdef\r\n".repeat(5000);
    String shown = parts(notification(ALICE, "x\n", headers, failed(BOB, "550 no"))).getLast();
    assertThat(shown)
        .hasSizeLessThan(DeliveryStatusNotification.ORIGINAL_HEADERS_OCTETS_MAX + 40)
        .endsWith("X-Long: 0123456789abcdef\r\n");
  }
}
