package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand.SearchReturn;
import dev.postrider.protocol.imap.ImapWriter;
import java.io.IOException;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.Set;

/** What the client is told of what was found, straight from where it is kept. */
final class SearchResponse {

  private final boolean byUid;
  private final SelectedMailbox mailbox;
  private final Found found;
  private final long modSeq;
  private Optional<PartialResult> partial = Optional.empty();

  /**
   * @param modSeq the highest of what was found; 0 where it is not to be told
   */
  SearchResponse(boolean byUid, SelectedMailbox mailbox, Found found, long modSeq) {
    this.byUid = byUid;
    this.mailbox = mailbox;
    this.found = found;
    this.modSeq = modSeq;
  }

  /** Tells this part of it besides. */
  SearchResponse with(Optional<PartialResult> part) {
    partial = part;
    return this;
  }

  /** Whether the first or the last of what is found is wanted, and no other. */
  static boolean isOfEndsAlone(Set<SearchReturn> returns) {
    boolean ends = returns.contains(SearchReturn.MIN) || returns.contains(SearchReturn.MAX);
    return ends && !returns.contains(SearchReturn.ALL) && !returns.contains(SearchReturn.COUNT);
  }

  /**
   * The response to the command {@code name}: all numbers where it has no {@code returns}, and none
   * where the result was to be saved and nothing else. RFC 5182 section 1.
   */
  void write(String name, Set<SearchReturn> returns, ImapSession session) throws IOException {
    if (returns.isEmpty()) {
      writeNumbers(name, session.writer());
    } else if (!returns.equals(Set.of(SearchReturn.SAVE))) {
      writeExtended(session.tag(), returns, session.writer());
    }
  }

  /** {@code * SEARCH} or {@code * SORT}. */
  private void writeNumbers(String name, ImapWriter writer) throws IOException {
    writer.atom("* ").atom(name);
    for (PrimitiveIterator.OfInt at = found.positions(); at.hasNext(); ) {
      writer.space().number(number(at.nextInt()));
    }
    if (modSeq > 0) {
      writer.atom(" (MODSEQ ").number(modSeq).atom(")");
    }
    writer.crlf();
  }

  /**
   * {@code * ESEARCH}. When nothing was found it says so by leaving out what there is not; only the
   * count is told even then. RFC 4731 section 3.1.
   *
   * @param tag the command's: the client can tell by it what is answered. RFC 4466 section 3,
   *     search-correlator
   */
  private void writeExtended(String tag, Set<SearchReturn> returns, ImapWriter writer)
      throws IOException {
    writer.atom("* ESEARCH (TAG ").string(tag).atom(")");
    if (byUid) {
      writer.atom(" UID");
    }
    if (!found.isEmpty()) {
      writeFound(returns, writer);
    }
    if (partial.isPresent()) {
      writePartial(partial.get(), writer);
    }
    if (returns.contains(SearchReturn.COUNT)) {
      writer.atom(" COUNT ").number(found.count());
    }
    if (modSeq > 0) {
      writer.atom(" MODSEQ ").number(modSeq);
    }
    writer.crlf();
  }

  private void writeFound(Set<SearchReturn> returns, ImapWriter writer) throws IOException {
    if (returns.contains(SearchReturn.MIN)) {
      writer.atom(" MIN ").number(number(found.first()));
    }
    if (returns.contains(SearchReturn.MAX)) {
      writer.atom(" MAX ").number(number(found.last()));
    }
    if (returns.contains(SearchReturn.ALL)) {
      writer.atom(" ALL ");
      writeSet(found.positions(), writer);
    }
  }

  private void writePartial(PartialResult part, ImapWriter writer) throws IOException {
    writer.atom(" PARTIAL (").atom(part.range().toString()).space();
    if (part.positions().isEmpty()) {
      writer.atom("NIL");
    } else {
      writeSet(part.positions().stream().iterator(), writer);
    }
    writer.atom(")");
  }

  /** A range at a time. It ascends, and names no number that was not found. */
  private void writeSet(PrimitiveIterator.OfInt at, ImapWriter writer) throws IOException {
    long first = number(at.nextInt());
    long last = first;
    while (at.hasNext()) {
      long next = number(at.nextInt());
      if (next != last + 1) {
        writeRange(first, last, writer);
        writer.atom(",");
        first = next;
      }
      last = next;
    }
    writeRange(first, last, writer);
  }

  private static void writeRange(long first, long last, ImapWriter writer) throws IOException {
    writer.number(first);
    if (last > first) {
      writer.atom(":").number(last);
    }
  }

  private long number(int position) {
    return byUid ? mailbox.uid(position) : position + 1L;
  }
}
