package dev.postrider.server.net;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The octets of one socket, with a time limit on either direction.
 *
 * <p>A read waits in the socket itself, no longer than {@link #readTimeout}. The JDK has no such
 * limit for a write, so {@link Deadlines} closes the channel under a write that hangs. To keep that
 * cheap a connection has at most one entry there, made by a write that finds none: when its time
 * comes the entry looks whether the write that was under way when it was made still is. If so the
 * peer has read nothing for that long, and the channel is closed; if another write is under way a
 * new entry is made; else none. A hanging write is thus ended after one to two times the limit.
 *
 * <p>One thread reads while another writes; {@link #abort} may be called by any.
 */
final class Wire {

  /** Until the session says how long it will wait. */
  private static final Duration READ_TIMEOUT_AT_FIRST = Duration.ofMinutes(1);

  private final SocketChannel channel;
  private final InputStream in;
  private final Deadlines deadlines;
  private final Duration writeTimeout;

  /** Odd while a write is under way; grows by one when it begins and when it ends. */
  private volatile long writes;

  private final AtomicBoolean watched = new AtomicBoolean();
  private volatile boolean writeTimedOut;
  private volatile long octetsIn;
  private volatile long octetsOut;

  Wire(SocketChannel channel, Deadlines deadlines, Duration writeTimeout) throws IOException {
    this.channel = channel;
    // The adaptor's stream reads the channel, with the socket's timeout and without a buffer.
    this.in = channel.socket().getInputStream();
    this.deadlines = deadlines;
    this.writeTimeout = writeTimeout;
    readTimeout(READ_TIMEOUT_AT_FIRST);
  }

  /** A read that waits longer throws SocketTimeoutException and may be tried again. */
  void readTimeout(Duration atMost) throws SocketException {
    long millis = Math.clamp(atMost.toMillis(), 1, Integer.MAX_VALUE);
    channel.socket().setSoTimeout((int) millis);
  }

  Duration readTimeout() throws SocketException {
    return Duration.ofMillis(channel.socket().getSoTimeout());
  }

  /** Octets read, at least one; -1 when the peer has said all it will say. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one reader
  int read(byte[] into, int offset, int length) throws IOException {
    int count = in.read(into, offset, length);
    if (count > 0) {
      octetsIn += count;
    }
    return count;
  }

  int available() throws IOException {
    return in.available();
  }

  /** Writes all of {@code from}. Callers take turns. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  void write(ByteBuffer from) throws IOException {
    octetsOut += from.remaining();
    writes++;
    try {
      if (watched.compareAndSet(false, true)) {
        watch();
      }
      while (from.hasRemaining()) {
        channel.write(from);
      }
    } catch (ClosedChannelException e) {
      String why = writeTimedOut ? "the peer did not read for " + writeTimeout : "closed";
      throw (SocketException) new SocketException(why).initCause(e);
    } finally {
      writes++;
    }
  }

  private void watch() {
    long seen = writes;
    try {
      ScheduledFuture<?> _ = deadlines.after(writeTimeout, () -> judge(seen));
    } catch (RejectedExecutionException e) {
      // The server has stopped: everything is being closed anyway.
      abort();
    }
  }

  private void judge(long seen) {
    // Before the look at writes: a write that begins now either sees this or is seen.
    watched.set(false);
    long now = writes;
    if ((now & 1) == 0) {
      return;
    }
    if (now == seen) {
      writeTimedOut = true;
      abort();
    } else if (watched.compareAndSet(false, true)) {
      watch();
    }
  }

  /** Tells the peer that nothing follows; it may still be read. */
  void shutdownOutput() throws IOException {
    channel.shutdownOutput();
  }

  /** Closes the channel; whoever reads or writes gets an exception. Never blocks. */
  void abort() {
    try {
      channel.close();
    } catch (IOException e) {
      // It is closed all the same, and nobody could do anything about it.
      return;
    }
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  long octetsIn() {
    return octetsIn;
  }

  long octetsOut() {
    return octetsOut;
  }
}
