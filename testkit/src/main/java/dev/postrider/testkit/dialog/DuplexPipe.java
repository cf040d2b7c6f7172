package dev.postrider.testkit.dialog;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * A connection in memory with two ends. Each direction holds a bounded number of octets: a writer
 * waits while the other end does not read, as on a socket, and fails after the time limit.
 *
 * <p>{@link End#startTls} does nothing: both ends carry on in the clear. That TLS is TLS is shown
 * on real sockets.
 */
public final class DuplexPipe {

  private final End client;
  private final End server;

  /**
   * @param capacity octets on the way in each direction
   * @param limit how long a read or write may wait
   */
  public DuplexPipe(int capacity, Duration limit) {
    Direction toServer = new Direction(capacity, limit);
    Direction toClient = new Direction(capacity, limit);
    this.client = new End(toClient, toServer);
    this.server = new End(toServer, toClient);
  }

  /** 64 KiB each way, 10 s. */
  public DuplexPipe() {
    this(64 * 1024, Duration.ofSeconds(10));
  }

  public End client() {
    return client;
  }

  public End server() {
    return server;
  }

  /** One end. */
  public static final class End implements Transport {
    private final Direction incoming;
    private final Direction outgoing;

    private End(Direction incoming, Direction outgoing) {
      this.incoming = incoming;
      this.outgoing = outgoing;
    }

    @Override
    public InputStream in() {
      return incoming.in;
    }

    @Override
    public OutputStream out() {
      return outgoing.out;
    }

    /** How long a read at this end may wait from now on. */
    public void readTimeout(Duration limit) {
      incoming.readLimit(limit);
    }

    @Override
    public void startTls() {}

    @Override
    public void closeOutput() {
      outgoing.end();
    }

    @Override
    public void close() {
      outgoing.end();
      incoming.abandon();
    }
  }

  /**
   * One way through the pipe: a ring of octets. {@code ended} is said by the writer and lets the
   * reader have what is left; {@code abandoned} is said by the reader and makes writes fail.
   */
  private static final class Direction {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final byte[] ring;
    private final Duration writeLimit;
    private Duration readLimit;
    private int start;
    private int count;
    private boolean ended;
    private boolean abandoned;

    private final InputStream in =
        new InputStream() {
          @Override
          public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
          }

          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, into.length);
            return length == 0 ? 0 : take(into, offset, length);
          }

          @Override
          public int available() {
            return Direction.this.available();
          }
        };

    private final OutputStream out =
        new OutputStream() {
          @Override
          public void write(int octet) throws IOException {
            put(new byte[] {(byte) octet}, 0, 1);
          }

          @Override
          public void write(byte[] from, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, from.length);
            put(from, offset, length);
          }
        };

    Direction(int capacity, Duration limit) {
      this.ring = new byte[capacity];
      this.writeLimit = limit;
      this.readLimit = limit;
    }

    private int take(byte[] into, int offset, int length) throws IOException {
      lock.lock();
      try {
        await(() -> count > 0 || ended || abandoned, readLimit, "nothing to read for ");
        if (abandoned) {
          throw new IOException("this end is closed");
        }
        if (count == 0) {
          return -1;
        }
        int taken = Math.min(length, count);
        for (int i = 0; i < taken; i++) {
          into[offset + i] = ring[(start + i) % ring.length];
        }
        start = (start + taken) % ring.length;
        count -= taken;
        moved.signalAll();
        return taken;
      } finally {
        lock.unlock();
      }
    }

    private void put(byte[] from, int offset, int length) throws IOException {
      lock.lock();
      try {
        for (int done = 0; done < length; ) {
          await(
              () -> count < ring.length || ended || abandoned,
              writeLimit,
              "the other end does not read for ");
          if (ended || abandoned) {
            throw new IOException(ended ? "this end is closed" : "the other end is closed");
          }
          int room = Math.min(length - done, ring.length - count);
          for (int i = 0; i < room; i++) {
            ring[(start + count + i) % ring.length] = from[offset + done + i];
          }
          count += room;
          done += room;
          moved.signalAll();
        }
      } finally {
        lock.unlock();
      }
    }

    private void await(BooleanSupplier condition, Duration limit, String complaint)
        throws IOException {
      long left = limit.toNanos();
      try {
        while (!condition.getAsBoolean()) {
          if (left <= 0) {
            throw new SocketTimeoutException(complaint + limit);
          }
          left = moved.awaitNanos(left);
        }
      } catch (InterruptedException e) {
        throw (IOException) new InterruptedIOException(complaint + limit).initCause(e);
      }
    }

    private int available() {
      lock.lock();
      try {
        return count;
      } finally {
        lock.unlock();
      }
    }

    private void readLimit(Duration limit) {
      lock.lock();
      try {
        readLimit = limit;
      } finally {
        lock.unlock();
      }
    }

    private void end() {
      lock.lock();
      try {
        ended = true;
        moved.signalAll();
      } finally {
        lock.unlock();
      }
    }

    private void abandon() {
      lock.lock();
      try {
        abandoned = true;
        moved.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
