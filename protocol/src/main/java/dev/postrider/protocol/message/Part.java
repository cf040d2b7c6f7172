package dev.postrider.protocol.message;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A message or a MIME part, with where it lies. Offsets count octets from the start of the whole
 * message, also inside embedded messages. The header is {@code [headerOffset, bodyOffset)} with its
 * blank line, the body {@code [bodyOffset, endOffset)} without the CRLF that belongs to a boundary.
 * All texts are octet strings.
 *
 * <p>A multipart has at least one child. A message/rfc822 that is not encoded has one: the message
 * in it, which has an envelope. Every other part has none.
 *
 * @param bodyLines line feeds in the body
 * @param type such as {@code TEXT}, as written
 * @param subtype such as {@code PLAIN}, as written
 * @param id Content-ID
 * @param encoding Content-Transfer-Encoding, {@code 7BIT} when not said
 * @param languages Content-Language
 * @param envelope of the root and of each message inside a message/rfc822, not of other parts
 */
public record Part(
    long headerOffset,
    long bodyOffset,
    long endOffset,
    long bodyLines,
    String type,
    String subtype,
    List<Parameter> parameters,
    Optional<String> id,
    Optional<String> description,
    String encoding,
    Optional<StructuredField> disposition,
    List<String> languages,
    Optional<String> location,
    Optional<String> md5,
    List<Part> children,
    Optional<Envelope> envelope) {

  public Part {
    parameters = List.copyOf(parameters);
    languages = List.copyOf(languages);
    children = List.copyOf(children);
  }

  /** Octets of the body. */
  public long bodyOctets() {
    return endOffset - bodyOffset;
  }

  /** Octets of header and body. */
  public long octets() {
    return endOffset - headerOffset;
  }

  public boolean isMultipart() {
    return type.equalsIgnoreCase("multipart") && !children.isEmpty();
  }

  /** Whether it holds a message whose parts are known: {@code children.getFirst()}. */
  public boolean isMessage() {
    return type.equalsIgnoreCase("message") && children.size() == 1;
  }

  /** Whether lines are told of it in BODYSTRUCTURE. RFC 3501 section 7.4.2. */
  public boolean isText() {
    return type.equalsIgnoreCase("text");
  }

  /** {@code type/subtype} in lower case. */
  public String mediaType() {
    return (type + "/" + subtype).toLowerCase(Locale.ROOT);
  }

  /**
   * The part that a section such as {@code 4.1.2} of this message means. RFC 3501 section 6.4.5: a
   * message that is no multipart has one part, 1, which is its own body; the numbers behind that of
   * a message/rfc822 count inside the message in it.
   *
   * @param numbers from 1 on; none is this message itself
   */
  public Optional<Part> find(List<Integer> numbers) {
    Part at = this;
    boolean message = true;
    for (int number : numbers) {
      if (!message && at.isMessage()) {
        at = at.children.getFirst();
        message = true;
      }
      if (at.isMultipart()) {
        if (number < 1 || number > at.children.size()) {
          return Optional.empty();
        }
        at = at.children.get(number - 1);
      } else if (!message || number != 1) {
        return Optional.empty();
      }
      message = false;
    }
    return Optional.of(at);
  }
}
