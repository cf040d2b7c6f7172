package dev.postrider.protocol.smtp;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes a message as DATA wants it: dots at the start of lines doubled, the last line ended, then
 * the final dot. RFC 5321 section 4.5.2.
 *
 * <p>Whatever the source holds, no CR and no LF goes out alone (RFC 5321 section 2.3.8 forbids it,
 * and it is the way by which mail is smuggled): each becomes a CRLF. That changes the message, so
 * {@link #normalized} counts them for the log; a message that came in by SMTP never has one.
 *
 * <p>Closing and flushing are passed on; {@link #finish} does neither. Not thread-safe.
 */
public final class DotWriter extends OutputStream {

  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] FINAL_DOT = {'.', '\r', '\n'};

  private final OutputStream out;
  private boolean atLineStart = true;

  /** A CR came and is held back until it is known what follows. */
  private boolean afterCr;

  private long normalized;

  public DotWriter(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] octets, int offset, int length) throws IOException {
    int end = offset + length;
    int i = offset;
    while (i < end) {
      byte octet = octets[i];
      if (octet == '\n') {
        normalized += afterCr ? 0 : 1;
        endLine();
        i++;
      } else if (afterCr) {
        normalized++;
        endLine();
      } else if (octet == '\r') {
        afterCr = true;
        i++;
      } else {
        int lineEnd = endOfText(octets, i, end);
        if (atLineStart && octet == '.') {
          out.write('.');
        }
        out.write(octets, i, lineEnd - i);
        atLineStart = false;
        i = lineEnd;
      }
    }
  }

  /** Ends the last line if it is not ended, and writes the final dot. Once, after the message. */
  public void finish() throws IOException {
    if (afterCr) {
      normalized++;
      endLine();
    } else if (!atLineStart) {
      endLine();
    }
    out.write(FINAL_DOT);
  }

  /** How many octets CR or LF stood alone and were written as CRLF. */
  public long normalized() {
    return normalized;
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  private void endLine() throws IOException {
    out.write(CRLF);
    atLineStart = true;
    afterCr = false;
  }

  private static int endOfText(byte[] octets, int from, int to) {
    int i = from;
    while (i < to && octets[i] != '\r' && octets[i] != '\n') {
      i++;
    }
    return i;
  }
}
