package dev.postrider.client.compose;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import dev.postrider.client.render.HtmlText;
import dev.postrider.client.session.Envelope;
import dev.postrider.client.session.Headers;
import jakarta.activation.DataHandler;
import jakarta.activation.FileDataSource;
import jakarta.mail.BodyPart;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimePart;
import jakarta.mail.internet.MimeUtility;
import jakarta.mail.internet.ParameterList;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Turns a {@link Draft} into octets. Attachments are read from disk while the file is written, so
 * their size does not matter to memory. Text is encoded so that every server can carry it; only
 * forwarded messages may bring 8-bit lines.
 */
public final class MessageWriter {
  /** RFC 5322 section 2.1.1, without CRLF. */
  private static final int LINE_OCTETS_MAX = 998;

  private static final int CRC_CHUNK = 8192;

  private final InstantSource clock;
  private final Supplier<UUID> ids;

  public MessageWriter(InstantSource clock, Supplier<UUID> ids) {
    this.clock = clock;
    this.ids = ids;
  }

  /** Writes the message to a new file in {@code directory}; closing the result removes it. */
  public OutgoingMessage write(Draft draft, Path directory) throws MailFailure {
    requireSendable(draft);
    try {
      MimeMessage message = message(draft);
      return OutgoingMessage.spool(
          directory, envelope(draft), List.of(), out -> message.writeTo(out));
    } catch (MessagingException e) {
      throw new MailFailure(ExitCode.DATA, "the message cannot be written: " + e.getMessage())
          .causedBy(e);
    } catch (IOException e) {
      throw new MailFailure(ExitCode.IO, "cannot write the message: " + e.getMessage()).causedBy(e);
    }
  }

  private static void requireSendable(Draft draft) throws MailFailure {
    if (draft.recipients().isEmpty()) {
      throw new MailFailure(ExitCode.USAGE, "there is no recipient", "name one with --to ADDRESS");
    }
    HeaderText.requireOneLine("the subject", draft.subject);
    for (Draft.Attachment attachment : draft.attachments) {
      HeaderText.requireOneLine("a file name", attachment.name());
      if (!Files.isRegularFile(attachment.file()) || !Files.isReadable(attachment.file())) {
        throw new MailFailure(ExitCode.IO, "cannot read the attachment " + attachment.file());
      }
    }
  }

  private static Envelope envelope(Draft draft) {
    Set<String> to = new LinkedHashSet<>();
    draft.recipients().forEach(a -> to.add(a.getAddress()));
    return new Envelope(draft.from.getAddress(), new ArrayList<>(to));
  }

  /** A Message-ID under the sender's domain: it says nothing about this machine. */
  String newMessageId(String address) {
    String domain = address.substring(address.lastIndexOf('@') + 1);
    return "<" + ids.get() + "@" + domain + ">";
  }

  private MimeMessage message(Draft draft) throws MessagingException, IOException {
    Properties properties = new Properties();
    boolean utf8 = envelope(draft).needsUtf8();
    properties.setProperty("mail.mime.allowutf8", Boolean.toString(utf8));
    String id = newMessageId(draft.from.getAddress());
    MimeMessage message = new WithId(Session.getInstance(properties), id);
    message.setFrom(draft.from);
    message.setRecipients(RecipientType.TO, draft.to.toArray(new InternetAddress[0]));
    message.setRecipients(RecipientType.CC, draft.cc.toArray(new InternetAddress[0]));
    message.setRecipients(RecipientType.BCC, draft.bcc.toArray(new InternetAddress[0]));
    message.setSubject(draft.subject, UTF_8.name());
    message.setSentDate(Date.from(clock.instant()));
    if (!draft.references.isEmpty()) {
      message.setHeader("In-Reply-To", draft.references.getLast());
      message.setHeader("References", MimeUtility.fold(12, String.join(" ", draft.references)));
    }
    for (Headers.Field field : draft.fields) {
      String value = MimeUtility.encodeText(field.value(), UTF_8.name(), null);
      message.addHeader(field.name(), MimeUtility.fold(field.name().length() + 2, value));
    }
    content(message, draft);
    message.saveChanges();
    return message;
  }

  private static void content(MimePart message, Draft draft)
      throws MessagingException, IOException {
    if (draft.attachments.isEmpty()) {
      body(message, draft);
      return;
    }
    MimeMultipart mixed = new MimeMultipart("mixed");
    MimeBodyPart first = new FixedEncoding();
    body(first, draft);
    mixed.addBodyPart(first);
    for (Draft.Attachment attachment : draft.attachments) {
      mixed.addBodyPart(attachment(attachment));
    }
    message.setContent(mixed);
  }

  private static void body(MimePart part, Draft draft) throws MessagingException, IOException {
    String html = draft.html;
    if (html == null) {
      text(part, draft.text, "plain");
      return;
    }
    MimeMultipart alternative = new MimeMultipart("alternative");
    MimeBodyPart plain = new FixedEncoding();
    text(plain, draft.text.isEmpty() ? HtmlText.render(html) : draft.text, "plain");
    MimeBodyPart rich = new FixedEncoding();
    text(rich, html, "html");
    alternative.addBodyPart(plain);
    alternative.addBodyPart(rich);
    part.setContent(alternative);
  }

  private static void text(MimePart part, String text, String subtype) throws MessagingException {
    part.setText(text, UTF_8.name(), subtype);
    part.setHeader("Content-Type", "text/" + subtype + "; charset=utf-8");
    part.setHeader("Content-Transfer-Encoding", textEncoding(text));
  }

  /** The encoding that keeps the text most readable for somebody who looks at the raw message. */
  private static String textEncoding(String text) {
    long odd =
        text.chars()
            .filter(c -> c > 0x7E || (c < ' ' && c != '\n' && c != '\r' && c != '\t'))
            .count();
    boolean longLine = text.lines().anyMatch(l -> l.length() > LINE_OCTETS_MAX);
    if (odd == 0 && !longLine) {
      return "7bit";
    }
    return odd * 3 > text.length() ? "base64" : "quoted-printable";
  }

  private static BodyPart attachment(Draft.Attachment attachment)
      throws MessagingException, IOException {
    MimeBodyPart part = new FixedEncoding();
    part.setDataHandler(new DataHandler(new TypedFile(attachment)));
    ParameterList name = new ParameterList();
    name.set("filename", attachment.name(), UTF_8.name());
    part.setHeader("Content-Type", attachment.mediaType());
    part.setHeader("Content-Disposition", "attachment" + name.toString(31));
    part.setHeader("Content-Transfer-Encoding", fileEncoding(attachment));
    return part;
  }

  /** Files go as base64, which changes no octet; a message may not. RFC 2046 section 5.2.1. */
  private static String fileEncoding(Draft.Attachment attachment) throws IOException {
    if (!attachment.mediaType().equals("message/rfc822")) {
      return "base64";
    }
    try (InputStream in = Files.newInputStream(attachment.file())) {
      byte[] chunk = new byte[CRC_CHUNK];
      for (int n = in.read(chunk); n > 0; n = in.read(chunk)) {
        for (int i = 0; i < n; i++) {
          if (chunk[i] < 0) {
            return "8bit";
          }
        }
      }
    }
    return "7bit";
  }

  /** Jakarta Mail would otherwise put the machine's name into the Message-ID. */
  private static final class WithId extends MimeMessage {
    private final String id;

    WithId(Session session, String id) {
      super(session);
      this.id = id;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", id);
    }
  }

  /** Keeps the headers that were set; Jakarta Mail would read each file whole to guess them. */
  private static final class FixedEncoding extends MimeBodyPart {
    @Override
    protected void updateHeaders() throws MessagingException {
      if (getHeader("Content-Transfer-Encoding") == null) {
        super.updateHeaders();
      }
    }
  }

  private static final class TypedFile extends FileDataSource {
    private final Draft.Attachment attachment;

    TypedFile(Draft.Attachment attachment) {
      super(attachment.file().toFile());
      this.attachment = attachment;
    }

    @Override
    public String getContentType() {
      return attachment.mediaType();
    }

    @Override
    public String getName() {
      return attachment.name();
    }
  }
}
