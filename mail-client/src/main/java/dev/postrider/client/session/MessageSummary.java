package dev.postrider.client.session;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a list shows of a message.
 *
 * @param uid its UID
 * @param flags as the server spells them, such as {@code \Seen}
 * @param received when it came into the folder
 * @param size octets
 * @param headers the fields that {@link SelectedFolder} asks for
 */
public record MessageSummary(
    long uid, Set<String> flags, Optional<Instant> received, long size, Headers headers) {

  public MessageSummary {
    flags = Set.copyOf(flags);
  }

  public boolean has(String flag) {
    return flags.stream().anyMatch(flag::equalsIgnoreCase);
  }

  /** Flags in a stable order. */
  public Set<String> sortedFlags() {
    return new TreeSet<>(flags);
  }

  /** When it was written, or else when it came. */
  public Optional<Instant> date() {
    return headers.date().or(() -> received);
  }

  /** A guess from the media type of the whole; the structure is not fetched for a list. */
  public boolean mayHaveAttachments() {
    return headers
        .first("Content-Type")
        .orElse("")
        .regionMatches(true, 0, "multipart/mixed", 0, 15);
  }
}
