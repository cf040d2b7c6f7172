package dev.postrider.server.smtp;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.protocol.message.HeaderField;
import dev.postrider.protocol.message.Headers;
import dev.postrider.protocol.message.MailDate;
import dev.postrider.storage.messages.MessageSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.OffsetDateTime;
import java.util.Optional;

/** What a submission server mends in the header of its users' mail. RFC 6409 section 8. */
final class SubmittedHeaders {

  private static final byte[] CRLF = {'\r', '\n'};

  private SubmittedHeaders() {}

  /**
   * With Date and Message-ID where they are missing (RFC 6409 section 8.2 and section 8.3), and
   * without Bcc, which is nobody's business (RFC 5322 section 3.6.3), and Return-Path, which is not
   * for a client to say (RFC 5321 section 4.4).
   */
  static Headers complete(
      Headers headers, String id, Optional<MailAddress> sender, String host, OffsetDateTime now) {
    Headers mended = headers.without("Bcc").without("Return-Path");
    if (!mended.contains("Date")) {
      mended = mended.withLast(HeaderField.of("Date", MailDate.format(now)));
    }
    if (!mended.contains("Message-ID")) {
      String domain = sender.map(MailAddress::domain).filter(d -> !d.startsWith("[")).orElse(host);
      mended = mended.withLast(HeaderField.of("Message-ID", "<" + id + "@" + domain + ">"));
    }
    return mended;
  }

  /** {@code message} with {@code mended} instead of the {@code original} header it begins with. */
  static MessageSource replaced(MessageSource message, Headers original, Headers mended) {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    head.writeBytes(mended.encode());
    // Written whether the original had it or not: without a blank line the body would become
    // fields.
    head.writeBytes(CRLF);
    return new Tail(message, original.octetsRead()).prefixed(head.toByteArray());
  }

  /** {@code whole} from its octet {@code skipped} on. */
  private record Tail(MessageSource whole, int skipped) implements MessageSource {
    @Override
    public long octets() {
      return whole.octets() - skipped;
    }

    @Override
    public InputStream open() throws IOException {
      InputStream in = whole.open();
      in.skipNBytes(skipped);
      return in;
    }
  }
}
