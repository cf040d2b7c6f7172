package dev.postrider.client.compose;

import dev.postrider.client.session.Headers;
import jakarta.mail.internet.InternetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message that is being written. Not thread-safe; turned into octets by {@link MessageWriter}.
 */
public final class Draft {

  /**
   * A file that goes along.
   *
   * @param file where it is; read when the message is written
   * @param name what the recipient sees
   * @param mediaType {@code type/subtype}
   */
  public record Attachment(Path file, String name, String mediaType) {}

  final InternetAddress from;
  final List<InternetAddress> to = new ArrayList<>();
  final List<InternetAddress> cc = new ArrayList<>();
  final List<InternetAddress> bcc = new ArrayList<>();
  final List<Attachment> attachments = new ArrayList<>();
  final List<Headers.Field> fields = new ArrayList<>();
  final List<String> references = new ArrayList<>();
  String subject = "";
  String text = "";
  @Nullable String html;

  public Draft(InternetAddress from) {
    this.from = from;
  }

  public Draft to(List<InternetAddress> addresses) {
    to.addAll(addresses);
    return this;
  }

  public Draft cc(List<InternetAddress> addresses) {
    cc.addAll(addresses);
    return this;
  }

  public Draft bcc(List<InternetAddress> addresses) {
    bcc.addAll(addresses);
    return this;
  }

  public Draft subject(String value) {
    subject = value;
    return this;
  }

  public String subject() {
    return subject;
  }

  public Draft text(String value) {
    text = value;
    return this;
  }

  public String text() {
    return text;
  }

  /** With HTML, the text becomes the alternative for those who cannot show it. */
  public Draft html(String value) {
    html = value;
    return this;
  }

  public Draft attach(Attachment attachment) {
    attachments.add(attachment);
    return this;
  }

  public Draft field(Headers.Field field) {
    fields.add(field);
    return this;
  }

  /** Message-IDs of the conversation so far, the answered message last. RFC 5322 section 3.6.4. */
  public Draft answering(List<String> messageIds) {
    references.addAll(messageIds);
    return this;
  }

  public List<InternetAddress> recipients() {
    List<InternetAddress> all = new ArrayList<>(to);
    all.addAll(cc);
    all.addAll(bcc);
    return all;
  }
}
