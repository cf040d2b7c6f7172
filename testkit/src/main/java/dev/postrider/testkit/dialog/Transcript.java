package dev.postrider.testkit.dialog;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What was said lately, on all connections of a player. */
final class Transcript {

  private static final int LINES_KEPT = 200;
  private static final int CHARACTERS_SHOWN = 200;

  private final Deque<String> lines = new ArrayDeque<>();

  synchronized void add(String connection, String who, String text) {
    String shown =
        text.length() <= CHARACTERS_SHOWN
            ? text
            : text.substring(0, CHARACTERS_SHOWN) + "… (" + text.length() + " characters)";
    lines.addLast((connection.isEmpty() ? "" : connection + " ") + who + ": " + visible(shown));
    if (lines.size() > LINES_KEPT) {
      lines.removeFirst();
    }
  }

  synchronized List<String> last(int count) {
    return lines.stream().skip(Math.max(0, lines.size() - count)).toList();
  }

  private static String visible(String text) {
    StringBuilder visible = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7f) {
        visible.append(String.format(java.util.Locale.ROOT, "\\x%02x", (int) c));
      } else {
        visible.append(c);
      }
    }
    return visible.toString();
  }
}
