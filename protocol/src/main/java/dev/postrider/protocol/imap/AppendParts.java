package dev.postrider.protocol.imap;

import java.util.List;
import java.util.Optional;

/**
 * What a message is made of, as far as a line announces it: URLs of what is on the server already,
 * then octets of the client's. A message that is not catenated is octets alone. RFC 4469 section 3.
 *
 * @param urls as written
 * @param octets the announcement of what {@link CommandReader#openLiteral} reads; empty at the end
 * @param more whether {@link CommandReader#nextParts} is to be asked, once these have been read
 */
public record AppendParts(List<String> urls, Optional<LiteralHead> octets, boolean more) {
  public AppendParts {
    urls = List.copyOf(urls);
  }

  /** A message that is not catenated. */
  static AppendParts whole(LiteralHead head) {
    return new AppendParts(List.of(), Optional.of(head), false);
  }
}
