package dev.postrider.protocol.smtp;

import dev.postrider.protocol.text.LineReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The message behind DATA, with its dot-stuffing undone. RFC 5321 section 4.5.2.
 *
 * <p>Invariants. The message ends at CRLF.CRLF and nowhere else, where the CRLF behind DATA counts
 * as the first; no other arrangement of CR, LF and dots ends it, for a server that sees an end
 * where another one sees text lets a message be smuggled inside a message. A CR or LF alone makes
 * the message one to refuse ({@link #violation}), yet it is consumed to its real end, so that
 * nothing of it is ever taken for a command; from then on no octet of it is given out. The reader
 * takes from the {@link LineReader} exactly the octets up to that end: the next command is still
 * there.
 *
 * <p>Octets are looked at where the caller wants them and are copied once. Memory does not depend
 * on the message. A read that fails with a time limit may be repeated. Not thread-safe.
 */
public final class DotReader extends InputStream {

  private enum State {
    TEXT,
    /** A dot at the start of a line was taken. */
    DOT,
    /** After it a CR was taken. */
    DOT_CR,
    ENDED
  }

  private final LineReader in;
  private final LineEndingCheck check = new LineEndingCheck();
  private State state = State.TEXT;

  /** For what is read while nothing is given out any more. */
  private byte @Nullable [] scratch;

  public DotReader(LineReader in) {
    this.in = in;
  }

  /** What is wrong with the message; certain once it has been read to its end. */
  public Optional<TextViolation> violation() {
    return check.violation();
  }

  /** Reads and drops the rest, so that the next command comes next. */
  public void drain() throws IOException {
    byte[] dropped = scratch();
    while (read(dropped, 0, dropped.length) >= 0) {
      // Nothing to keep.
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /**
   * Reads at least one octet; -1 at the end of the message, or when a violation was met and the
   * rest has been consumed. Throws {@link EOFException} when the connection ends inside the
   * message.
   */
  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (true) {
      switch (state) {
        case ENDED -> {
          return -1;
        }
        case DOT -> afterDot();
        case DOT_CR -> afterDotCr();
        case TEXT -> {
          int count = nextText(into, offset, length);
          if (count > 0) {
            return count;
          }
        }
      }
    }
  }

  /** Octets of text put into {@code into}; 0 when the state moved on, or they were dropped. */
  private int nextText(byte[] into, int offset, int length) throws IOException {
    if (check.atLineStart() && next() == '.') {
      in.skip(1);
      state = State.DOT;
      return 0;
    }
    if (check.violation().isPresent()) {
      byte[] dropped = scratch();
      text(dropped, 0, dropped.length);
      return 0;
    }
    int count = text(into, offset, length);
    return check.violation().isEmpty() ? count : 0;
  }

  private void afterDot() throws IOException {
    if (next() == '\r') {
      in.skip(1);
      state = State.DOT_CR;
    } else {
      // The dot was stuffing. What follows is text, even another dot.
      check.beginLine();
      state = State.TEXT;
    }
  }

  private void afterDotCr() throws IOException {
    if (next() == '\n') {
      in.skip(1);
      state = State.ENDED;
    } else {
      check.beginLine();
      check.note(TextViolation.BARE_CR);
      state = State.TEXT;
    }
  }

  /** Takes octets up to the next line that begins with a dot. At least one. */
  private int text(byte[] into, int offset, int length) throws IOException {
    int count = in.peek(into, offset, length);
    if (count < 0) {
      throw ended();
    }
    int end = offset + count;
    int i = offset;
    do {
      i = check.nextLine(into, i, end);
    } while (i < end && !(into[i] == '.' && check.atLineStart()));
    in.skip(i - offset);
    return i - offset;
  }

  private int next() throws IOException {
    int octet = in.peek();
    if (octet < 0) {
      throw ended();
    }
    return octet;
  }

  private byte[] scratch() {
    byte[] present = scratch;
    if (present == null) {
      present = new byte[LineReader.BUFFER_OCTETS];
      scratch = present;
    }
    return present;
  }

  private static EOFException ended() {
    return new EOFException("connection ended inside a message");
  }
}
