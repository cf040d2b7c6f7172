package dev.postrider.client.compose;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postrider.client.MailFailure;
import dev.postrider.client.session.Headers;
import dev.postrider.client.session.LenientParsing;
import jakarta.mail.internet.InternetAddress;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComposeTest {
  private static final InstantSource NOON =
      InstantSource.fixed(Instant.parse("2026-03-01T12:00:00Z"));
  private static final UUID ID = new UUID(1, 2);

  @TempDir Path directory;

  @BeforeAll
  static void lenient() {
    LenientParsing.install();
  }

  private static List<InternetAddress> to(String text) throws MailFailure {
    return Addresses.parse(List.of(text));
  }

  private OutgoingMessage raw(String text) throws MailFailure {
    return new RawMessage(NOON, () -> ID)
        .read(new ByteArrayInputStream(text.getBytes(UTF_8)), directory, List.of(), "");
  }

  private static String wire(OutgoingMessage message) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    message.wire().writeTo(out);
    assertThat(message.wire().size()).isEqualTo(out.size());
    return out.toString(UTF_8);
  }

  @Test
  void longLinesAndUnicodeAreEncodedForEveryServer() throws Exception {
    Draft draft = new Draft(Addresses.of("Zoë", "zoe@x.test")).to(to("a@b.test"));
    draft.subject("ü".repeat(200)).text("x".repeat(5000) + "\nü\n");
    try (OutgoingMessage message = new MessageWriter(NOON, () -> ID).write(draft, directory)) {
      String wire = wire(message);
      assertThat(message.eightBit()).isFalse();
      assertThat(wire.lines()).allMatch(line -> line.length() <= 998);
      assertThat(wire.lines().filter(l -> l.startsWith("Subject:") || l.startsWith(" =?")))
          .allMatch(line -> line.length() <= 78);
      assertThat(message.headers().decoded("Subject")).isEqualTo("ü".repeat(200));
      assertThat(wire).contains("Message-ID: <" + ID + "@x.test>");
    }
  }

  @Test
  void rawMessagesLoseBccAndGainWhatIsMissing() throws Exception {
    try (OutgoingMessage message =
        raw("From: a@x.test\nTo: b@x.test\nBcc: c@x.test,\n d@x.test\nX: y\n\nBcc: in body\n")) {
      assertThat(message.envelope().to()).containsExactly("b@x.test", "c@x.test", "d@x.test");
      assertThat(wire(message))
          .isEqualTo(
              "Date: Sun, 1 Mar 2026 12:00:00 +0000\r\n".replace("+0000", zone())
                  + "Message-ID: <"
                  + ID
                  + "@x.test>\r\nFrom: a@x.test\r\nTo: b@x.test\r\nX: y\r\n\r\nBcc: in body\r\n");
    }
  }

  private static String zone() {
    String date =
        new jakarta.mail.internet.MailDateFormat().format(java.util.Date.from(NOON.instant()));
    return date.substring(date.indexOf(":00 ") + 4);
  }

  @Test
  void rawMessagesWithoutBodyOrHeaderAreHandled() throws Exception {
    try (OutgoingMessage message = raw("From: a@x.test\nTo: b@x.test")) {
      assertThat(wire(message)).endsWith("To: b@x.test");
    }
    assertThatThrownBy(() -> raw("just text")).hasMessageContaining("From");
    assertThatThrownBy(() -> raw("")).hasMessageContaining("From");
  }

  @Test
  void replyToEverybodyNamesNobodyTwice() throws Exception {
    Headers original =
        Headers.parse(
            "From: boss@x.test\nTo: Me <me@x.test>, a@x.test\nCc: A@x.test, b@x.test, boss@x.test\n"
                .getBytes(UTF_8));
    Recipients all = Recipients.ofReply(original, "me@x.test", true);
    assertThat(all.to()).extracting(InternetAddress::getAddress).containsExactly("boss@x.test");
    assertThat(all.cc())
        .extracting(InternetAddress::getAddress)
        .containsExactly("a@x.test", "b@x.test");
    assertThat(Recipients.ofReply(original, "me@x.test", false).cc()).isEmpty();
  }

  @Test
  void threadsGrowAndSubjectsDoNot() {
    Headers original =
        Headers.parse(
            "Subject: RE: plan\nReferences: <1@x> <2@x>\nMessage-ID: <3@x>\n".getBytes(UTF_8));
    Threading threading = Threading.of(original);
    assertThat(threading.references()).containsExactly("<1@x>", "<2@x>", "<3@x>");
    assertThat(threading.replySubject()).isEqualTo("RE: plan");
    assertThat(threading.forwardSubject()).isEqualTo("Fwd: RE: plan");
  }

  @Test
  void quotationsSayWhoAndWhen() {
    Headers original =
        Headers.parse(
            "From: Bob <b@x.test>\nDate: Sun, 1 Mar 2026 12:00:00 +0000\n".getBytes(UTF_8));
    assertThat(Quotation.reply(original, "one\n\n> two\n", ZoneOffset.UTC))
        .isEqualTo("On Sun, 1 Mar 2026 at 12:00, Bob wrote:\n> one\n>\n>> two\n");
  }

  @Test
  void domainsBecomeAscii() throws Exception {
    assertThat(to("Jürgen <j@Bücher.test>").getFirst().getAddress())
        .isEqualTo("j@xn--bcher-kva.test");
  }
}
