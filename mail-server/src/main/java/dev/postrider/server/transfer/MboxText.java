package dev.postrider.server.transfer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * One message of an {@link MboxFile}, from behind its From line to its end.
 *
 * <p>Without a length it ends before the next From line, or at the end of the file, and the blank
 * line there belongs to the mbox. A From line without a blank line before it counts only when a
 * field of a header comes next: some programs leave the blank line out.
 */
final class MboxText extends InputStream {

  private static final long UNKNOWN = -1;

  /** Signs of quotation before {@code From } that are looked at. */
  private static final int QUOTES_MAX = 200;

  private final MboxFile file;
  private Unquote unquote = Unquote.NOTHING;
  private long end = UNKNOWN;
  private boolean atLineStart = true;
  private boolean ended;

  /** What was done to lines that begin with {@code From }. */
  enum Unquote {
    NOTHING,
    /** mboxo: {@code >From } was {@code From }. */
    ONE,
    /** mboxrd: every {@code >>…From } has one sign more than it had. */
    ANY
  }

  MboxText(MboxFile file) {
    this.file = file;
  }

  /** Reads the header, with the blank line that ends it. */
  byte[] readHeader(int octetsMax) throws IOException {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    boolean blank = false;
    while (!blank && header.size() < octetsMax && beginsHeaderLine(header.size() == 0)) {
      blank = file.blankLine() > 0;
      skipQuote();
      readLine(header, octetsMax);
    }
    return header.toByteArray();
  }

  private boolean beginsHeaderLine(boolean first) throws IOException {
    if (ended || isEnd()) {
      return false;
    }
    byte octet = file.peek(0);
    boolean continuation = !first && (octet == ' ' || octet == '\t' || octet == '>');
    return continuation || file.blankLine() > 0 || file.isField(0);
  }

  private void readLine(ByteArrayOutputStream into, int octetsMax) throws IOException {
    byte[] one = new byte[1];
    while (into.size() < octetsMax && file.ahead(1) > 0) {
      file.take(one, 0, 1);
      into.write(one[0]);
      atLineStart = one[0] == '\n';
      if (atLineStart) {
        return;
      }
    }
  }

  /** The rest ends there, and nothing in it is quoted. */
  void endAt(long offset) {
    end = offset;
  }

  void unquote(Unquote what) {
    unquote = what;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (ended) {
      return -1;
    }
    return end == UNKNOWN ? readLines(into, offset, length) : readCounted(into, offset, length);
  }

  private int readCounted(byte[] into, int offset, int length) throws IOException {
    int ahead = (int) Math.min(file.ahead(1), end - file.offset());
    if (ahead <= 0) {
      ended = true;
      return -1;
    }
    return file.take(into, offset, Math.min(length, ahead));
  }

  /** As many whole and torn lines as there is room for. */
  private int readLines(byte[] into, int offset, int length) throws IOException {
    int count = 0;
    while (count < length) {
      if (atLineStart) {
        if (isEnd()) {
          break;
        }
        skipQuote();
      }
      int ahead = Math.min(file.ahead(1), length - count);
      if (ahead == 0) {
        ended = true;
        break;
      }
      int line = file.lineOctets(0, ahead);
      atLineStart = line > 0;
      count += file.take(into, offset + count, line > 0 ? line : ahead);
    }
    return count == 0 ? -1 : count;
  }

  /** Whether the message ends before the line that begins here; then what separates is skipped. */
  private boolean isEnd() throws IOException {
    int blank = file.blankLine();
    boolean ends;
    if (blank > 0) {
      ends = file.ahead(blank + 1) == blank || file.fromLine(blank).isPresent();
      if (ends) {
        file.skip(blank);
      }
    } else {
      ends = file.ahead(1) == 0 || (file.fromLine(0).isPresent() && file.fieldFollowsFromLine());
    }
    ended |= ends;
    return ends;
  }

  /** Skips the sign of quotation that was added. */
  private void skipQuote() throws IOException {
    if (unquote != Unquote.NOTHING && file.ahead(1) > 0 && file.peek(0) == '>') {
      int most = unquote == Unquote.ONE ? 1 : QUOTES_MAX;
      int ahead = file.ahead(QUOTES_MAX + FromLine.PREFIX.length());
      int quotes = 0;
      while (quotes < Math.min(most, ahead) && file.peek(quotes) == '>') {
        quotes++;
      }
      if (isFrom(quotes, ahead)) {
        file.skip(1);
      }
    }
  }

  private boolean isFrom(int at, int ahead) {
    String from = FromLine.PREFIX;
    if (ahead < at + from.length()) {
      return false;
    }
    for (int i = 0; i < from.length(); i++) {
      if (file.peek(at + i) != from.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Goes to the end of the message. */
  void skipRest() throws IOException {
    byte[] rest = new byte[8192];
    while (read(rest, 0, rest.length) >= 0) {
      // It is read to find its end.
    }
  }
}
