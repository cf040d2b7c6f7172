package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapCommand.SearchReturn;
import dev.postrider.protocol.imap.ImapWriter;
import java.io.IOException;
import java.util.BitSet;
import java.util.Set;

/**
 * {@code * ESEARCH}. When nothing was found it says so by leaving out what there is not; only the
 * count is told even then. RFC 4731 section 3.1.
 */
final class SearchResponse {

  private final boolean byUid;
  private final Set<SearchReturn> returns;
  private final SelectedMailbox mailbox;
  private final BitSet found;
  private final long modSeq;

  /**
   * @param modSeq the highest of what was found; 0 where it is not to be told
   */
  SearchResponse(ImapCommand.Search command, SelectedMailbox mailbox, BitSet found, long modSeq) {
    this.byUid = command.byUid();
    this.returns = command.returns();
    this.mailbox = mailbox;
    this.found = found;
    this.modSeq = modSeq;
  }

  /**
   * {@code tag} is the command's: the client can tell by it what is answered. RFC 4466 section 3,
   * search-correlator.
   */
  void write(String tag, ImapWriter writer) throws IOException {
    writer.atom("* ESEARCH (TAG ").string(tag).atom(")");
    if (byUid) {
      writer.atom(" UID");
    }
    if (!found.isEmpty()) {
      writeFound(writer);
    }
    if (returns.contains(SearchReturn.COUNT)) {
      writer.atom(" COUNT ").number(found.cardinality());
    }
    if (modSeq > 0) {
      writer.atom(" MODSEQ ").number(modSeq);
    }
    writer.crlf();
  }

  private void writeFound(ImapWriter writer) throws IOException {
    if (returns.contains(SearchReturn.MIN)) {
      writer.atom(" MIN ").number(number(found.nextSetBit(0)));
    }
    if (returns.contains(SearchReturn.MAX)) {
      writer.atom(" MAX ").number(number(found.length() - 1));
    }
    if (returns.contains(SearchReturn.ALL)) {
      writer.atom(" ALL ");
      writeSet(writer);
    }
  }

  /** Straight to the client, a range at a time. A range names no number that was not found. */
  private void writeSet(ImapWriter writer) throws IOException {
    int at = found.nextSetBit(0);
    while (at >= 0) {
      int end = at;
      while (found.get(end + 1) && number(end + 1) == number(end) + 1) {
        end++;
      }
      writer.number(number(at));
      if (end > at) {
        writer.atom(":").number(number(end));
      }
      at = found.nextSetBit(end + 1);
      writer.atom(at < 0 ? "" : ",");
    }
  }

  private long number(int position) {
    return byUid ? mailbox.uid(position) : position + 1L;
  }
}
