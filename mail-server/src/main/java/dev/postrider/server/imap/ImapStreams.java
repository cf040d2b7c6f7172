package dev.postrider.server.imap;

import dev.postrider.protocol.imap.CommandReader;
import dev.postrider.protocol.imap.ImapWriter;
import dev.postrider.protocol.text.LineReader;
import dev.postrider.server.net.Connection;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a session reads from and writes to.
 *
 * <p>Invariants. Whoever writes holds {@link #lock}: the session's thread from the moment it has
 * read a command until the command is answered; while it waits for the next command or for DONE,
 * the idling thread or the one that announces the end of the server. Before the session's thread
 * waits for octets of the peer, everything written is flushed; so replies of pipelined commands
 * travel together, and nobody waits for a reply that is still in a buffer.
 */
final class ImapStreams {

  private final Connection connection;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final ImapWriter writer;
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
    this.writer = new ImapWriter(connection.out());
    this.reader =
        new CommandReader(new LineReader(new FlushingInput()), this::goAhead, discardOctetsMax);
  }

  ImapWriter writer() {
    return writer;
  }

  CommandReader reader() {
    return reader;
  }

  /** Whether mailbox names are UTF-8 from the next command on. RFC 9051 section 5.1. */
  void utf8Names(boolean utf8) {
    reader.utf8Names(utf8);
    writer.utf8Names(utf8);
  }

  ReentrantLock lock() {
    return lock;
  }

  void flush() throws IOException {
    connection.out().flush();
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
      return connection.in().read();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      beforeRead();
      return connection.in().read(into, offset, length);
    }
  }
}
