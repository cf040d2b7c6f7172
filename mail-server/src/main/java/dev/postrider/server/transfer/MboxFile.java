package dev.postrider.server.transfer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * An mbox, read from its begin to its end with a view of what comes next: whether a message ends
 * here is told by the lines behind.
 *
 * <p>{@code buffer[position, limit)} are the next octets of the file; {@link #offset} is where in
 * the file {@code position} is.
 */
final class MboxFile implements Closeable {

  private static final int BUFFER_OCTETS = 64 * 1024;

  private final FileChannel channel;
  private final byte[] buffer = new byte[BUFFER_OCTETS];
  private int position;
  private int limit;
  private long offset;

  MboxFile(Path path) throws IOException {
    channel = FileChannel.open(path, StandardOpenOption.READ);
  }

  /** Octets of the file before what comes next. */
  long offset() {
    return offset;
  }

  /** How many octets can be looked at: {@code wanted} or more, or all up to the end of the file. */
  int ahead(int wanted) throws IOException {
    if (limit - position < wanted) {
      System.arraycopy(buffer, position, buffer, 0, limit - position);
      limit -= position;
      position = 0;
      int count = 0;
      while (limit < wanted && count >= 0) {
        count = channel.read(ByteBuffer.wrap(buffer, limit, buffer.length - limit));
        limit += Math.max(0, count);
      }
    }
    return limit - position;
  }

  byte peek(int distance) {
    return buffer[position + distance];
  }

  void skip(int octets) {
    position += octets;
    offset += octets;
  }

  int take(byte[] into, int at, int length) {
    System.arraycopy(buffer, position, into, at, length);
    skip(length);
    return length;
  }

  /** Octets up to and with the next LF, or -1 when there is none within {@code most}. */
  int lineOctets(int distance, int most) {
    int end = Math.min(limit, position + distance + most);
    for (int i = position + distance; i < end; i++) {
      if (buffer[i] == '\n') {
        return i + 1 - position - distance;
      }
    }
    return -1;
  }

  /** Octets of the blank line that begins here, or 0. */
  int blankLine() throws IOException {
    int ahead = ahead(2);
    if (ahead > 0 && peek(0) == '\n') {
      return 1;
    }
    return ahead > 1 && peek(0) == '\r' && peek(1) == '\n' ? 2 : 0;
  }

  void skipBlankLines() throws IOException {
    int blank = blankLine();
    while (blank > 0) {
      skip(blank);
      blank = blankLine();
    }
  }

  /** The date of the From line that begins {@code distance} ahead, if one does. */
  Optional<Instant> fromLine(int distance) throws IOException {
    int ahead = ahead(distance + FromLine.OCTETS_MAX);
    if (ahead <= distance || peek(distance) != 'F') {
      return Optional.empty();
    }
    int octets = lineOctets(distance, FromLine.OCTETS_MAX);
    int length = octets >= 0 ? octets : Math.min(ahead - distance, FromLine.OCTETS_MAX);
    return fromLine(buffer, position + distance, length);
  }

  private static Optional<Instant> fromLine(byte[] octets, int at, int length) {
    return FromLine.parse(new String(octets, at, length, ISO_8859_1).stripTrailing());
  }

  /** Whether a field of a header begins behind the From line that begins here. */
  boolean fieldFollowsFromLine() throws IOException {
    ahead(2 * FromLine.OCTETS_MAX);
    int octets = lineOctets(0, FromLine.OCTETS_MAX);
    return octets > 0 && isField(octets);
  }

  /** Whether a field of a header begins {@code distance} ahead. */
  boolean isField(int distance) throws IOException {
    int ahead = Math.min(ahead(distance + FromLine.OCTETS_MAX), distance + FromLine.OCTETS_MAX);
    int i = distance;
    while (i < ahead && peek(i) > ' ' && peek(i) < 0x7F && peek(i) != ':') {
      i++;
    }
    int colon = i;
    while (colon < ahead && (peek(colon) == ' ' || peek(colon) == '\t')) {
      colon++;
    }
    return i > distance && colon < ahead && peek(colon) == ':';
  }

  /** Whether a message can end at {@code end}: there the file ends, or another message begins. */
  boolean canEndAt(long end) throws IOException {
    long octets = channel.size();
    if (end > octets) {
      return false;
    }
    byte[] next = new byte[FromLine.OCTETS_MAX + 2];
    ByteBuffer view = ByteBuffer.wrap(next);
    int count = 0;
    while (view.hasRemaining() && count >= 0) {
      count = channel.read(view, end + view.position());
    }
    int at = 0;
    while (at < view.position() && at < 2 && (next[at] == '\r' || next[at] == '\n')) {
      at++;
    }
    if (at == view.position()) {
      return true;
    }
    byte[] line = Arrays.copyOfRange(next, at, view.position());
    int length = 0;
    while (length < line.length && line[length] != '\n') {
      length++;
    }
    return fromLine(line, 0, length).isPresent();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
