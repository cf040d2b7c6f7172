package dev.postrider.client.session;

import java.util.List;

/**
 * Who a message goes from and to on the wire.
 *
 * @param from the reverse-path; domains are ASCII already
 * @param to at least one recipient, each once
 */
public record Envelope(String from, List<String> to) {
  public Envelope {
    to = List.copyOf(to);
  }

  /** Whether an address has characters only SMTPUTF8 can carry. RFC 6531 section 3.1. */
  public boolean needsUtf8() {
    return from.chars().anyMatch(c -> c > 0x7F)
        || to.stream().anyMatch(a -> a.chars().anyMatch(c -> c > 0x7F));
  }
}
