package dev.postrider.protocol.message;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the parts of a message in one pass: where each header and body lies and what it says of
 * itself. RFC 2045, RFC 2046 section 5.
 *
 * <p>Invariants. {@code open} is the chain of parts that the current line may lie in, the message
 * first, the innermost last. Each line is looked at once: if it is a boundary of an open multipart
 * it ends everything inside that, else it belongs to the innermost part. A part ends where its
 * parent does or before the line break that belongs to the boundary behind it; a body never begins
 * behind its end.
 *
 * <p>Nothing is refused. A boundary that never comes ends with what holds it; a boundary is
 * compared as a whole line, so one that begins with another's is not taken for it; a header without
 * a blank line ends at the first line that is no field; a multipart without a part has one, of
 * plain text, that is its whole body.
 *
 * <p>Memory is bounded whatever the message is: a window of {@value #WINDOW_OCTETS} octets, at most
 * {@value #PARTS_MAX} parts in {@value #DEPTH_MAX} levels, and {@value
 * HeaderBuilder#KEPT_OCTETS_MAX} octets of header fields over all of them. What lies beyond is one
 * part, an application/octet-stream. Time grows with the octets alone: a line is compared with the
 * boundaries of its {@value #DEPTH_MAX} levels at most.
 */
public final class MessageStructure {

  /** Levels of parts in parts. */
  public static final int DEPTH_MAX = 100;

  /** Parts of a message. */
  public static final int PARTS_MAX = 10_000;

  /** Octets that are held at a time; what is longer than this in one line is not looked at. */
  static final int WINDOW_OCTETS = 65_536;

  /** As many to begin with: most lines are short, and most messages small. */
  private static final int FIRST_WINDOW_OCTETS = 8192;

  private final InputStream in;
  private byte[] window = new byte[FIRST_WINDOW_OCTETS];
  private final Deque<OpenPart> open = new ArrayDeque<>();
  private final HeaderBuilder.Budget budget = new HeaderBuilder.Budget();

  /** The beginning of the text, where that is wanted. */
  private final @Nullable PreviewText preview;

  private int parts;
  private boolean rest;

  /** Line feeds before the current line, and octets of the ending of the line before it. */
  private long lineFeeds;

  private int endingBefore;

  private MessageStructure(InputStream in, @Nullable PreviewText preview) {
    this.in = in;
    this.preview = preview;
  }

  /** The structure of the message that {@code in} holds; reads it to its end. */
  public static Part parse(InputStream in) throws IOException {
    return new MessageStructure(in, null).read().build();
  }

  /** The same, with what a description has besides. */
  static MessageDescription describe(InputStream in) throws IOException {
    PreviewText preview = new PreviewText();
    OpenPart message = new MessageStructure(in, preview).read();
    return new MessageDescription(message.build(), message.header().references(), preview.text());
  }

  private OpenPart read() throws IOException {
    OpenPart message = begin(0, true, false);
    long offset = 0;
    int start = 0;
    int end = 0;
    // Up to here there is no line feed behind start.
    int searched = 0;
    boolean lineStart = true;
    while (true) {
      int lineFeed = indexOfLineFeed(searched, end);
      searched = lineFeed < 0 ? end : lineFeed;
      if (lineFeed < 0 && start > 0) {
        System.arraycopy(window, start, window, 0, end - start);
        end -= start;
        searched = end;
        start = 0;
      }
      if (lineFeed < 0 && end == window.length && end < WINDOW_OCTETS) {
        window = Arrays.copyOf(window, end * 2);
      }
      if (lineFeed < 0 && end < window.length) {
        int count = in.read(window, end, window.length - end);
        if (count > 0) {
          end += count;
          continue;
        }
        if (start == end) {
          break;
        }
      }
      // A line, or as much of a long or last one as there is.
      int next = lineFeed < 0 ? end : lineFeed + 1;
      if (lineStart) {
        line(offset, start, next, lineFeed >= 0);
      } else {
        endOfLongLine(start, lineFeed);
      }
      lineStart = lineFeed >= 0;
      offset += next - start;
      start = next;
      searched = next;
    }
    endAll(message, offset, lineFeeds);
    return message;
  }

  private int indexOfLineFeed(int from, int to) {
    for (int i = from; i < to; i++) {
      if (window[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private void endOfLongLine(int start, int lineFeed) {
    if (lineFeed >= 0) {
      lineFeeds++;
      endingBefore = lineFeed > start && window[lineFeed - 1] == '\r' ? 2 : 1;
    }
  }

  /** Looks at the line {@code window[start, next)} that begins at {@code offset} of the message. */
  private void line(long offset, int start, int next, boolean ended) {
    int textEnd = next;
    if (ended) {
      textEnd--;
      if (textEnd > start && window[textEnd - 1] == '\r') {
        textEnd--;
      }
    }
    if (rest || !boundary(offset, start, textEnd, next)) {
      inner(offset, start, textEnd, next);
    }
    if (ended) {
      lineFeeds++;
      endingBefore = next - textEnd;
    } else {
      endingBefore = 0;
    }
  }

  /** Whether the line is a boundary of an open multipart; does what it says. */
  private boolean boundary(long offset, int start, int textEnd, int next) {
    if (textEnd - start < 2 || window[start] != '-' || window[start + 1] != '-') {
      return false;
    }
    int end = textEnd;
    // RFC 2046 section 5.1.1: white space behind it is added by gateways.
    while (end > start && (window[end - 1] == ' ' || window[end - 1] == '\t')) {
      end--;
    }
    int closingEnd = end - 2;
    int plain = 0;
    int closing = 0;
    for (int i = start + 2; i < end; i++) {
      closing = i == closingEnd ? plain : closing;
      plain = 31 * plain + window[i];
    }
    Iterator<OpenPart> innermostFirst = open.descendingIterator();
    while (innermostFirst.hasNext()) {
      OpenPart part = innermostFirst.next();
      if (!part.mayHaveBoundary(plain, closing)) {
        continue;
      }
      Optional<Boundary> met = part.boundaryIn(window, start + 2, end);
      if (met.isPresent()) {
        endInside(part, offset);
        switch (met.get()) {
          case DELIMITER -> begin(offset + next - start, false, part.isDigest());
          case CLOSE -> part.closeBoundary();
        }
        return true;
      }
    }
    return false;
  }

  enum Boundary {
    DELIMITER,
    CLOSE
  }

  /** Gives the line to the innermost part. */
  private void inner(long offset, int start, int textEnd, int next) {
    OpenPart part = open.getLast();
    while (part.inHeader()) {
      switch (part.header().line(window, start, textEnd)) {
        case FIELD, CONTINUATION, MBOX_FROM -> {
          return;
        }
        case BLANK -> {
          beginBody(part, offset + next - start, lineFeeds + 1);
          return;
        }
        case BODY -> {
          // The blank line is missing. In an embedded message the line may be a field again.
          beginBody(part, offset, lineFeeds);
          part = open.getLast();
        }
      }
    }
    if (preview != null) {
      preview.line(part, window, start, next);
    }
  }

  private OpenPart begin(long offset, boolean message, boolean inDigest) {
    parts++;
    HeaderBuilder header = new HeaderBuilder(message, inDigest, budget);
    OpenPart part = new OpenPart(offset, parts == 1 ? header.withReferences() : header);
    if (parts >= PARTS_MAX) {
      part.makeOpaque();
      rest = true;
    }
    if (!open.isEmpty()) {
      open.getLast().add(part);
    }
    open.addLast(part);
    return part;
  }

  private void beginBody(OpenPart part, long offset, long lineFeedsBefore) {
    part.beginBody(offset, lineFeedsBefore);
    if (rest) {
      return;
    }
    if (part.nests() && open.size() >= DEPTH_MAX) {
      part.makeOpaque();
    } else if (part.holdsMessage()) {
      begin(offset, true, false);
    } else if (preview != null) {
      preview.begin(part);
    }
  }

  /** Ends all parts inside {@code part}, before the boundary line at {@code offset}. */
  private void endInside(OpenPart part, long offset) {
    while (open.getLast() != part) {
      long feeds = endingBefore > 0 ? lineFeeds - 1 : lineFeeds;
      end(open.removeLast(), offset, offset - endingBefore, feeds);
    }
  }

  private void endAll(OpenPart message, long offset, long feeds) {
    while (!open.isEmpty()) {
      end(open.removeLast(), offset, offset, feeds);
    }
    assert message.isEnded();
  }

  private void end(OpenPart part, long offset, long bodyEnd, long feeds) {
    part.end(offset, bodyEnd, lineFeeds, feeds);
    if (preview != null) {
      preview.end(part);
    }
  }

  /** Compares without regard to what follows. */
  static boolean matches(byte[] octets, int start, int end, byte[] wanted) {
    return end - start == wanted.length
        && Arrays.equals(octets, start, end, wanted, 0, wanted.length);
  }
}
