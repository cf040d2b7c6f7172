package dev.postrider.protocol.imap;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * What a client says of a message before its octets. RFC 3502 section 6.3.11, append-message.
 *
 * @param flags as written
 * @param parts the message itself, or what it begins with
 */
public record AppendMessage(List<String> flags, Optional<OffsetDateTime> date, AppendParts parts) {
  public AppendMessage {
    flags = List.copyOf(flags);
  }

  AppendMessage(List<String> flags, Optional<OffsetDateTime> date, LiteralHead octets) {
    this(flags, date, AppendParts.whole(octets));
  }
}
