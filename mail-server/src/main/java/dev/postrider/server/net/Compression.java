package dev.postrider.server.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * DEFLATE between a session and its {@link Connection}, in both directions. RFC 4978.
 *
 * <p>It has memory that the garbage collector does not see, so whoever makes one closes it, when
 * nobody reads or writes any more. One thread may read while another one writes.
 */
public final class Compression implements AutoCloseable {

  private final InflatedInput in;
  private final DeflatedOutput out;

  /**
   * @param in from where compressed octets come, all that come from now on
   * @param out where they go
   */
  public Compression(InputStream in, OutputStream out, Deflaters deflaters) {
    this.in = new InflatedInput(in);
    this.out = new DeflatedOutput(out, deflaters);
  }

  /**
   * What the peer sends. A read fails with {@link java.util.zip.ZipException} when that is not
   * DEFLATE, and is like one of the {@link Connection} else.
   */
  public InputStream in() {
    return in;
  }

  /** To the peer, which can read all of it after a {@link OutputStream#flush}. */
  public OutputStream out() {
    return out;
  }

  /** Ends what is sent: what follows is not compressed. Flushes. */
  public void endOutput() throws IOException {
    out.finish();
  }

  /**
   * Ends what is received: what follows is not compressed, and what has been read of it is
   * returned. Waits for the last octets of the peer's last flush.
   *
   * @throws java.util.zip.ZipException when more came that is compressed
   */
  public byte[] endInput() throws IOException {
    return in.rest();
  }

  /** Octets in each direction, as they travel and as the session sees them. */
  public record Octets(long received, long receivedPlain, long sent, long sentPlain) {}

  /** So far; not after {@link #close}. */
  public Octets octets() {
    return new Octets(in.octetsTaken(), in.octetsGiven(), out.octetsGiven(), out.octetsTaken());
  }

  /** Says nothing to the peer. What is written after it fails. */
  @Override
  public void close() {
    in.end();
    out.end();
  }
}
