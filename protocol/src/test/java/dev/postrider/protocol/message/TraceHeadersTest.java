package dev.postrider.protocol.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.protocol.address.MailAddress;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TraceHeadersTest {

  private static final OffsetDateTime WHEN = OffsetDateTime.parse("2026-11-23T01:02:03Z");

  @Test
  void tellsTheHopInFoldedLines() {
    String field =
        received("client.test", "2001:db8::1", Optional.of(new MailAddress("joe", "a.test")));
    assertThat(field.split("\r\n", -1))
        .containsExactly(
            "Received: from client.test ([IPv6:2001:db8::1]) (TLSv1.3",
            " TLS_AES_256_GCM_SHA384) by mx.test with ESMTPS id 42 for <joe@a.test>; Mon,",
            " 23 Nov 2026 01:02:03 +0000",
            "");
  }

  @Test
  void nameOfThePeerCannotBreakOut() {
    String field = received("evil) by x; \r\nBcc: <y", "127.0.0.1", Optional.empty());
    assertThat(field).startsWith("Received: from evil??by?x????Bcc:??y ([127.0.0.1])");
    assertThat(field.replace("\r\n ", "").indexOf("\r\n"))
        .isEqualTo(field.replace("\r\n ", "").length() - 2);
  }

  // RFC 3848, RFC 6531 section 4.3
  @Test
  void namesTheProtocol() {
    assertThat(TraceHeaders.protocol(false, false, true, false)).isEqualTo("SMTP");
    assertThat(TraceHeaders.protocol(true, false, false, false)).isEqualTo("ESMTP");
    assertThat(TraceHeaders.protocol(true, false, true, true)).isEqualTo("ESMTPSA");
    assertThat(TraceHeaders.protocol(true, true, true, false)).isEqualTo("UTF8SMTPS");
  }

  @Test
  void returnPathHoldsTheSender() {
    assertThat(text(TraceHeaders.returnPath(Optional.empty()))).isEqualTo("Return-Path: <>\r\n");
    assertThat(text(TraceHeaders.returnPath(Optional.of(new MailAddress("a b", "c")))))
        .isEqualTo("Return-Path: <\"a b\"@c>\r\n");
  }

  private static String received(String helo, String address, Optional<MailAddress> recipient) {
    return text(
        TraceHeaders.received(
            new TraceHeaders.Hop(
                helo,
                address,
                "mx.test",
                "ESMTPS",
                "42",
                recipient,
                Optional.of("TLSv1.3 TLS_AES_256_GCM_SHA384"),
                WHEN)));
  }

  private static String text(HeaderField field) {
    return new String(field.octets(), UTF_8);
  }
}
