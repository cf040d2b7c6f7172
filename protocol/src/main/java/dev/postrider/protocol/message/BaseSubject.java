package dev.postrider.protocol.message;

import java.util.regex.Pattern;

/**
 * A subject without what replies and forwards add to it. RFC 5256 section 2.1; the numbers are the
 * steps there. Two indices move towards each other.
 *
 * @param isReply whether it was a reply or was forwarded
 */
record BaseSubject(String text, boolean isReply) {

  /** Nothing behind so many characters of a subject is looked at: brackets take their square. */
  static final int CHARS_MAX = 4096;

  private static final Pattern WHITE_SPACE = Pattern.compile("[ \t\r\n]+");

  private static final String FORWARD_HEAD = "[fwd:";
  private static final String FORWARD_TAIL = "(fwd)";

  /** Reads an unfolded octet string. */
  static BaseSubject of(String subject) {
    String cut = subject.length() > CHARS_MAX ? subject.substring(0, CHARS_MAX) : subject;
    // (1)
    return new Reader(WHITE_SPACE.matcher(HeaderText.decode(cut)).replaceAll(" ")).read();
  }

  private static final class Reader {
    private final String text;
    private int start;
    private int end;
    private boolean reply;

    Reader(String text) {
      this.text = text;
      this.end = text.length();
    }

    BaseSubject read() {
      while (true) {
        trailers();
        while (leader() || blob()) {
          // (5)
        }
        // (6)
        if (!startsWith(FORWARD_HEAD, start) || text.charAt(end - 1) != ']') {
          return new BaseSubject(text.substring(start, end), reply);
        }
        start += FORWARD_HEAD.length();
        end--;
        reply = true;
      }
    }

    /** (2) */
    private void trailers() {
      while (start < end) {
        if (text.charAt(end - 1) == ' ') {
          end--;
        } else if (end - start >= FORWARD_TAIL.length()
            && startsWith(FORWARD_TAIL, end - FORWARD_TAIL.length())) {
          end -= FORWARD_TAIL.length();
          reply = true;
        } else {
          return;
        }
      }
    }

    /** (3) {@code re: } and its like, with anything in brackets before it, or a space. */
    private boolean leader() {
      if (start < end && text.charAt(start) == ' ') {
        start++;
        return true;
      }
      int at = start;
      int behind = behindBlob(at);
      while (behind > at) {
        at = behind;
        behind = behindBlob(at);
      }
      int word = at + wordLength(at);
      if (word == at) {
        return false;
      }
      while (word < end && text.charAt(word) == ' ') {
        word++;
      }
      int blob = behindBlob(word);
      if (blob >= end || text.charAt(blob) != ':') {
        return false;
      }
      start = blob + 1;
      reply = true;
      return true;
    }

    private int wordLength(int at) {
      for (String word : new String[] {"fwd", "re", "fw"}) {
        if (startsWith(word, at)) {
          return word.length();
        }
      }
      return 0;
    }

    /** (4) Something in brackets, when it is not all there is. */
    private boolean blob() {
      int behind = behindBlob(start);
      if (behind == start || behind == end) {
        return false;
      }
      start = behind;
      return true;
    }

    /** Index behind {@code [anything]} and the spaces after it; {@code at} when none is there. */
    private int behindBlob(int at) {
      if (at >= end || text.charAt(at) != '[') {
        return at;
      }
      int i = at + 1;
      while (i < end && text.charAt(i) != '[' && text.charAt(i) != ']') {
        i++;
      }
      if (i >= end || text.charAt(i) != ']') {
        return at;
      }
      i++;
      while (i < end && text.charAt(i) == ' ') {
        i++;
      }
      return i;
    }

    private boolean startsWith(String lower, int at) {
      return at + lower.length() <= end && text.regionMatches(true, at, lower, 0, lower.length());
    }
  }
}
