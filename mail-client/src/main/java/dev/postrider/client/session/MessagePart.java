package dev.postrider.client.session;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One part of a message.
 *
 * @param id as IMAP numbers it, {@code 2} or {@code 1.2}; empty for the message itself when it has
 *     several parts. RFC 9051 section 6.4.5.1
 * @param mediaType {@code type/subtype} in lower case
 * @param parameters of the media type, names in lower case
 * @param encoding transfer encoding in lower case
 * @param disposition {@code inline}, {@code attachment} or empty
 * @param fileName decoded, as the sender wrote it: never a path to write to; empty when none
 * @param size encoded octets, or -1 when nobody said
 * @param children the parts of a multipart
 */
public record MessagePart(
    String id,
    String mediaType,
    Map<String, String> parameters,
    String encoding,
    String disposition,
    String fileName,
    long size,
    List<MessagePart> children) {

  public MessagePart {
    parameters = Map.copyOf(parameters);
    children = List.copyOf(children);
  }

  public boolean isMultipart() {
    return mediaType.startsWith("multipart/");
  }

  /** Text to show with the message rather than a file that came with it. */
  public boolean isBodyText() {
    boolean readable = mediaType.equals("text/plain") || mediaType.equals("text/html");
    return readable && !disposition.equals("attachment") && fileName.isEmpty();
  }

  /** This part and all below it, in order. */
  public Stream<MessagePart> flatten() {
    return Stream.concat(Stream.of(this), children.stream().flatMap(MessagePart::flatten));
  }

  /** The parts that are files rather than text to read. */
  public List<MessagePart> attachments() {
    return flatten().filter(p -> !p.isMultipart() && !p.isBodyText()).toList();
  }

  /** About how many octets the decoded content has, or -1. */
  public long decodedSize() {
    return encoding.equals("base64") && size > 0 ? size * 57 / 78 : size;
  }
}
