package dev.postrider.protocol.message;

import dev.postrider.protocol.message.MessageStructure.Boundary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A part whose end has not been seen. Its offsets become known one after the other: header, body,
 * end.
 */
final class OpenPart {

  private final long headerOffset;
  private final HeaderBuilder header;
  private final List<OpenPart> children = new ArrayList<>();
  private boolean inHeader = true;
  private boolean opaque;
  private boolean ended;
  private long bodyOffset;
  private long lineFeedsBeforeBody;
  private long endOffset;
  private long bodyLines;

  /** Of a multipart whose last boundary has not come. */
  private byte @Nullable [] boundary;

  private int boundaryHash;

  OpenPart(long headerOffset, HeaderBuilder header) {
    this.headerOffset = headerOffset;
    this.header = header;
  }

  HeaderBuilder header() {
    return header;
  }

  boolean inHeader() {
    return inHeader;
  }

  boolean isEnded() {
    return ended;
  }

  void add(OpenPart child) {
    children.add(child);
  }

  /** It will not be looked into. */
  void makeOpaque() {
    opaque = true;
    boundary = null;
  }

  /** Whether its body holds parts or a message. */
  boolean nests() {
    return !opaque && (boundary != null || header.holdsMessage());
  }

  boolean holdsMessage() {
    return !opaque && header.holdsMessage();
  }

  boolean isDigest() {
    return header.isDigest();
  }

  void beginBody(long offset, long lineFeedsBefore) {
    inHeader = false;
    bodyOffset = offset;
    lineFeedsBeforeBody = lineFeedsBefore;
    header.end();
    if (!opaque) {
      boundary =
          header.boundary().map(text -> text.getBytes(StandardCharsets.ISO_8859_1)).orElse(null);
      boundaryHash = boundary == null ? 0 : hash(boundary);
    }
  }

  /** Whether {@link #boundaryIn} may find one in octets of one of these two hash codes. */
  boolean mayHaveBoundary(int plain, int closing) {
    return boundary != null && (boundaryHash == plain || boundaryHash == closing);
  }

  /** What the line {@code --…}, without its first two octets, is to this multipart. */
  Optional<Boundary> boundaryIn(byte[] octets, int start, int end) {
    byte[] wanted = boundary;
    if (wanted == null) {
      return Optional.empty();
    }
    if (MessageStructure.matches(octets, start, end, wanted)) {
      return Optional.of(Boundary.DELIMITER);
    }
    boolean dashes = end - start > 2 && octets[end - 1] == '-' && octets[end - 2] == '-';
    return dashes && MessageStructure.matches(octets, start, end - 2, wanted)
        ? Optional.of(Boundary.CLOSE)
        : Optional.empty();
  }

  private static int hash(byte[] octets) {
    int hash = 0;
    for (byte octet : octets) {
      hash = 31 * hash + octet;
    }
    return hash;
  }

  void closeBoundary() {
    boundary = null;
  }

  /**
   * Ends it.
   *
   * @param offset of the line behind it
   * @param bodyEnd the same without the line ending that belongs to a boundary
   * @param lineFeeds before {@code offset}
   * @param lineFeedsToEnd before {@code bodyEnd}
   */
  void end(long offset, long bodyEnd, long lineFeeds, long lineFeedsToEnd) {
    if (inHeader) {
      beginBody(offset, lineFeeds);
    }
    endOffset = Math.max(bodyOffset, bodyEnd);
    bodyLines = Math.max(0, lineFeedsToEnd - lineFeedsBeforeBody);
    ended = true;
  }

  /** The message, once it and all in it have ended. */
  Part build() {
    return build(endOffset);
  }

  /**
   * The part in a body that ends at {@code endMax}. A blank line right before a boundary ends the
   * header and belongs to the boundary; there the end of what is around it counts. Recursion is as
   * deep as parts may nest.
   */
  private Part build(long endMax) {
    long start = Math.min(headerOffset, endMax);
    bodyOffset = Math.min(bodyOffset, endMax);
    endOffset = Math.min(endOffset, endMax);
    List<Part> built = new ArrayList<>(children.size());
    children.forEach(child -> built.add(child.build(endOffset)));
    boolean multipart = !opaque && header.isMultipart();
    if (multipart && built.isEmpty()) {
      built.add(wholeBody());
    }
    return header.build(start, bodyOffset, endOffset, bodyLines, opaque, built);
  }

  private Part wholeBody() {
    return new Part(
        bodyOffset,
        bodyOffset,
        endOffset,
        bodyLines,
        "TEXT",
        "PLAIN",
        List.of(HeaderBuilder.US_ASCII),
        Optional.empty(),
        Optional.empty(),
        HeaderBuilder.SEVEN_BIT,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty());
  }
}
