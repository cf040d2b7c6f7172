package dev.postrider.protocol.message;

import java.util.ArrayList;
import java.util.List;

/** Message identifiers in References, In-Reply-To and Message-ID. RFC 5322 section 3.6.4. */
final class MessageIds {

  /** A longer one does not fit into a line. RFC 5322 section 2.1.1. */
  private static final int CHARS_MAX = 998;

  private MessageIds() {}

  /**
   * Those in {@code text} that can be used, with angle brackets. Of more than {@link
   * MessageDescription#REFERENCES_MAX} the first, which is the root of the thread, and the last.
   */
  static List<String> in(String text) {
    List<String> ids = new ArrayList<>();
    int at = text.indexOf('<');
    while (at >= 0) {
      int close = text.indexOf('>', at);
      if (close < 0) {
        break;
      }
      // Of several opening brackets the last one belongs to it.
      int open = text.lastIndexOf('<', close);
      String id = withoutSpace(text, open, close + 1);
      if (id.length() <= CHARS_MAX && id.indexOf('@') > 1) {
        if (ids.size() == MessageDescription.REFERENCES_MAX) {
          ids.remove(1);
        }
        ids.add(id);
      }
      at = text.indexOf('<', close);
    }
    return ids;
  }

  private static String withoutSpace(String text, int start, int end) {
    StringBuilder out = new StringBuilder(Math.min(end - start, CHARS_MAX + 1));
    for (int i = start; i < end && out.length() <= CHARS_MAX; i++) {
      char c = text.charAt(i);
      if (c > ' ' && c != 0x7f) {
        out.append(c);
      }
    }
    return out.toString();
  }
}
