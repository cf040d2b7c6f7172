package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapWriter;
import dev.postrider.storage.messages.UidSet;
import java.io.IOException;

/**
 * {@code * VANISHED}: which UIDs are no more. Clients read a response into memory, so a long one is
 * several. RFC 7162 section 3.2.10.
 */
final class Vanished {

  /** Of one response: a line of at most 22 kB. */
  static final int RANGES_MAX = 1000;

  private static final String NOW = "* VANISHED ";
  private static final String EARLIER = "* VANISHED (EARLIER) ";

  private Vanished() {}

  /** Messages that the client has been told of until now: it counts again. */
  static void now(UidSet uids, ImapWriter writer) throws IOException {
    write(NOW, uids, writer);
  }

  /** Messages that the client has not been told of in this view: its numbers stay. */
  static void earlier(UidSet uids, ImapWriter writer) throws IOException {
    write(EARLIER, uids, writer);
  }

  private static void write(String head, UidSet uids, ImapWriter writer) throws IOException {
    int at = 0;
    while (at < uids.size()) {
      writer.atom(head);
      for (int ranges = 0; ranges < RANGES_MAX && at < uids.size(); ranges++) {
        int end = at;
        while (end + 1 < uids.size() && uids.get(end + 1) == uids.get(end) + 1) {
          end++;
        }
        writer.atom(ranges == 0 ? "" : ",").number(uids.get(at));
        if (end > at) {
          writer.atom(":").number(uids.get(end));
        }
        at = end + 1;
      }
      writer.crlf();
    }
  }
}
