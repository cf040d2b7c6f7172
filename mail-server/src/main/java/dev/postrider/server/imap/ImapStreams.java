package dev.postrider.server.imap;

import dev.postrider.protocol.imap.CommandReader;
import dev.postrider.protocol.imap.ImapWriter;
import dev.postrider.protocol.text.LineReader;
import dev.postrider.server.net.Compression;
import dev.postrider.server.net.Connection;
import dev.postrider.server.net.Deflaters;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a session reads from and writes to.
 *
 * <p>Invariants. Whoever writes holds {@link #lock}: the session's thread from the moment it has
 * read a command until the command is answered; while it waits for the next command or for DONE,
 * the idling thread or the one that announces the end of the server. Before the session's thread
 * waits for octets of the peer, everything written is flushed; so replies of pipelined commands
 * travel together, and nobody waits for a reply that is still in a buffer.
 *
 * <p>Compression lies between the connection and everything here that reads or writes: {@link #in}
 * and {@link #out} are the connection's own streams without it. The output changes under the lock,
 * the input on the session's thread when it holds no octet.
 */
final class ImapStreams {

  /** Between the line that ends compression and the end of the flush that it came with. */
  private static final Duration FLUSH_ENDS_WITHIN = Duration.ofSeconds(10);

  private static final Logger log = LoggerFactory.getLogger(ImapStreams.class);

  private final Connection connection;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final ImapWriter writer;
  private InputStream in;
  private OutputStream out;
  private @Nullable Compression compression;
  private final CommandReader reader;
  private Duration patience;
  private @Nullable Duration patienceSet;
  private @Nullable Instant deadline;

  /**
   * @param patience how long the peer may be silent
   * @param discardOctetsMax see {@link CommandReader}
   */
  ImapStreams(
      Connection connection, InstantSource clock, Duration patience, long discardOctetsMax) {
    this.connection = connection;
    this.clock = clock;
    this.patience = patience;
    this.in = connection.in();
    this.out = connection.out();
    this.writer = new ImapWriter(out);
    this.reader =
        new CommandReader(new LineReader(new FlushingInput()), this::goAhead, discardOctetsMax);
  }

  ImapWriter writer() {
    return writer;
  }

  CommandReader reader() {
    return reader;
  }

  /** Whether text is UTF-8 from the next command on, mailbox names too. RFC 9051 section 5.1. */
  void utf8(boolean utf8) {
    reader.utf8Names(utf8);
    writer.utf8(utf8);
  }

  ReentrantLock lock() {
    return lock;
  }

  void flush() throws IOException {
    out.flush();
  }

  /** Whether octets have come that no command has used yet. */
  boolean isMoreThere() throws IOException {
    return reader.buffered() > 0 || in.available() > 0;
  }

  boolean isCompressed() {
    return compression != null;
  }

  /** From the next octet on, in both directions. No octet has been read ahead. */
  void compress(Deflaters deflaters) throws IOException {
    lock.lock();
    try {
      flush();
      Compression fresh = new Compression(in, out, deflaters);
      compression = fresh;
      in = fresh.in();
      route(fresh.out());
    } finally {
      lock.unlock();
    }
    log.debug("imap.compress session={}", connection.id());
  }

  /**
   * From the next octet on nothing is compressed, in either direction. On the session's thread and
   * not under the lock: the last octets of what is compressed may still be on their way.
   *
   * @throws java.util.zip.ZipException when more was compressed than has been used
   */
  void decompress() throws IOException {
    Compression ending = Objects.requireNonNull(compression);
    lock.lock();
    try {
      ending.endOutput();
      route(connection.out());
    } finally {
      lock.unlock();
    }
    connection.readTimeout(FLUSH_ENDS_WITHIN);
    patienceSet = null;
    if (reader.buffered() > 0) {
      throw new ZipException("more is compressed than was expected");
    }
    byte[] rest = ending.endInput();
    in =
        rest.length == 0
            ? connection.in()
            : new SequenceInputStream(new ByteArrayInputStream(rest), connection.in());
    end(ending);
  }

  private void end(Compression ending) {
    Compression.Octets octets = ending.octets();
    ending.close();
    compression = null;
    log.info(
        "imap.compressed session={} received={} received-plain={} sent={} sent-plain={}",
        connection.id(),
        octets.received(),
        octets.receivedPlain(),
        octets.sent(),
        octets.sentPlain());
  }

  private void route(OutputStream to) {
    out = to;
    writer.writeTo(to);
  }

  /** Nobody reads any more. */
  void close() {
    lock.lock();
    try {
      if (compression != null) {
        end(compression);
      }
    } finally {
      lock.unlock();
    }
  }

  /** How long the peer may be silent from now on. */
  void patience(Duration atMost) {
    patience = atMost;
  }

  /** When reading ends whatever the peer sends; null for never. */
  void deadline(@Nullable Instant at) {
    deadline = at;
  }

  private void goAhead() throws IOException {
    writer.atom("+ OK").crlf();
    flush();
  }

  private void beforeRead() throws IOException {
    lock.lock();
    try {
      flush();
    } finally {
      lock.unlock();
    }
    Duration wait = patience;
    if (deadline != null) {
      Duration left = Duration.between(clock.instant(), deadline);
      if (!left.isPositive()) {
        throw new SocketTimeoutException("not done by " + deadline);
      }
      wait = left.compareTo(wait) < 0 ? left : wait;
    }
    if (!wait.equals(patienceSet)) {
      connection.readTimeout(wait);
      patienceSet = wait;
    }
  }

  /** The connection's input, with {@link #beforeRead} before each wait. */
  private final class FlushingInput extends InputStream {

    @Override
    public int read() throws IOException {
      beforeRead();
      return in.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      beforeRead();
      return in.read(into, offset, length);
    }
  }
}
