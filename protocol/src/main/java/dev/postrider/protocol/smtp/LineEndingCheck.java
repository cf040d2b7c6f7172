package dev.postrider.protocol.smtp;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Watches the octets of a message go by and says whether every line ends in CRLF and is short
 * enough. Needed for BDAT, whose framing does not look at lines: what comes in by chunks goes out
 * by DATA to the next server, and would end early there. RFC 5321 section 2.3.8, RFC 3030 section
 * 2.
 *
 * <p>A message arrives in pieces of any size; a CRLF may be torn apart between two of them. Not
 * thread-safe.
 */
public final class LineEndingCheck {

  /**
   * Octets of a line without CRLF. RFC 5321 section 4.5.3.1.6 has 1000 with CRLF as the least that
   * everybody must take; {@link SmtpLeniency#LONG_TEXT_LINE}.
   */
  public static final int LINE_OCTETS_MAX = 1024 * 1024;

  private boolean afterCr;
  private long lineOctets;
  private @Nullable TextViolation violation;

  /** Looks at {@code length} octets from {@code offset} on. */
  public void update(byte[] octets, int offset, int length) {
    int end = offset + length;
    int i = offset;
    while (i < end && violation == null) {
      i = nextLine(octets, i, end);
    }
  }

  /** What is wrong in a message that ends here; empty when nothing is. */
  public Optional<TextViolation> end() {
    if (afterCr) {
      note(TextViolation.BARE_CR);
    }
    return Optional.ofNullable(violation);
  }

  /** What has been wrong so far. */
  Optional<TextViolation> violation() {
    return Optional.ofNullable(violation);
  }

  /** Whether the next octet begins a line. */
  boolean atLineStart() {
    return lineOctets == 0 && !afterCr;
  }

  /** Index behind the first CRLF that ends in {@code [from, to)}, or {@code to}. */
  int nextLine(byte[] octets, int from, int to) {
    int i = from;
    if (afterCr && i < to) {
      afterCr = false;
      if (octets[i] == '\n') {
        lineOctets = 0;
        return i + 1;
      }
      note(TextViolation.BARE_CR);
    }
    while (i < to) {
      byte octet = octets[i];
      if (octet > '\r' || (octet != '\r' && octet != '\n')) {
        i++;
        continue;
      }
      if (octet == '\n') {
        note(TextViolation.BARE_LF);
      } else if (i + 1 == to) {
        count(i - from);
        afterCr = true;
        return to;
      } else if (octets[i + 1] == '\n') {
        count(i - from);
        lineOctets = 0;
        return i + 2;
      } else {
        note(TextViolation.BARE_CR);
      }
      i++;
    }
    count(to - from);
    return to;
  }

  /** Counts an octet of the line that the caller took itself, so that the line has begun. */
  void beginLine() {
    count(1);
  }

  private void count(int octets) {
    lineOctets += octets;
    if (lineOctets > LINE_OCTETS_MAX) {
      note(TextViolation.LINE_TOO_LONG);
    }
  }

  void note(TextViolation found) {
    if (violation == null) {
      violation = found;
    }
  }
}
