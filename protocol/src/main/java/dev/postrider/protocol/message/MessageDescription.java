package dev.postrider.protocol.message;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * What is told of a message again and again without reading it: its parts and where they lie, its
 * envelope, and a few words of its text. Made in one pass over the octets; {@link DescriptionCodec}
 * stores it. The same octets always give the same description, as long as {@link
 * DescriptionCodec#VERSION} is the same.
 *
 * <p>What follows cheaply from these is not part of it: {@link #sortKeys}, {@link #hasAttachment}.
 *
 * @param structure the message; its envelope is there
 * @param references message identifiers of the References field with their angle brackets, the
 *     oldest first; of more than {@value #REFERENCES_MAX} the first, and the last
 * @param preview what the first text part begins with, without line breaks, at most {@value
 *     PreviewText#CHARS_MAX} characters; empty when no part has text. RFC 8970 section 3.1
 */
public record MessageDescription(Part structure, List<String> references, String preview) {

  /** Message identifiers of one References field that are kept. */
  public static final int REFERENCES_MAX = 100;

  public MessageDescription {
    references = List.copyOf(references);
    if (structure.envelope().isEmpty()) {
      throw new IllegalArgumentException("a message has an envelope");
    }
  }

  /**
   * Describes the message that {@code in} holds; reads it to its end. Memory and time are bounded
   * as {@link MessageStructure} says, whatever the message is.
   */
  public static MessageDescription of(InputStream in) throws IOException {
    return MessageStructure.describe(in);
  }

  public Envelope envelope() {
    return structure.envelope().orElseThrow();
  }

  /** Octets of the message's header with its blank line. */
  public long headerOctets() {
    return structure.bodyOffset();
  }

  public SortKeys sortKeys() {
    return new SortKeys(envelope());
  }

  /**
   * What a message is an answer to, the nearest last: its References, and where there are none the
   * first message identifier of In-Reply-To. RFC 5256 section 3.
   */
  public List<String> threadReferences() {
    if (!references.isEmpty()) {
      return references;
    }
    List<String> answered = MessageIds.in(envelope().inReplyTo().orElse(""));
    return answered.isEmpty() ? List.of() : List.of(answered.getFirst());
  }

  /** The message identifier, with its angle brackets; empty when there is none that can be used. */
  public Optional<String> messageId() {
    return MessageIds.in(envelope().messageId().orElse("")).stream().findFirst();
  }

  /** Whether a part is named, or is meant, to be kept as a file. RFC 2183 section 2.2. */
  public boolean hasAttachment() {
    return isAttachment(structure);
  }

  /** Recursion is as deep as parts may nest. */
  private static boolean isAttachment(Part part) {
    boolean said =
        part.disposition()
            .filter(field -> field.value().equalsIgnoreCase("attachment"))
            .isPresent();
    if (said) {
      return true;
    }
    if (part.isMultipart()) {
      return part.children().stream().anyMatch(MessageDescription::isAttachment);
    }
    // Pictures inside a text have names too; they have an identifier that the text refers to.
    return part.id().isEmpty()
        && (HeaderText.parameter(part.parameters(), "name").isPresent()
            || part.disposition()
                .flatMap(field -> HeaderText.parameter(field.parameters(), "filename"))
                .isPresent());
  }
}
