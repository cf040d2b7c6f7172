package dev.postrider.server.net;

import dev.postrider.testkit.dialog.DuplexPipe;
import java.io.BufferedOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/** A connection in memory, whose TLS is a word and no more. */
public final class PipeConnection implements Connection {

  private final DuplexPipe.End end;
  private final OutputStream out;
  private volatile boolean encrypted;

  public PipeConnection(DuplexPipe.End end, boolean encrypted) {
    this.end = end;
    this.out = new BufferedOutputStream(end.out());
    this.encrypted = encrypted;
  }

  @Override
  public String id() {
    return "pipe";
  }

  @Override
  public InetSocketAddress remote() {
    return new InetSocketAddress(InetAddress.ofLiteral("192.0.2.7"), 40_000);
  }

  @Override
  public InetSocketAddress local() {
    return new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 25);
  }

  @Override
  public Optional<TlsFacts> tls() {
    return encrypted ? Optional.of(new TlsFacts("TLSv1.3", "NONE")) : Optional.empty();
  }

  @Override
  public InputStream in() {
    return end.in();
  }

  @Override
  public OutputStream out() {
    return out;
  }

  @Override
  public void readTimeout(Duration atMost) {
    end.readTimeout(atMost);
  }

  @Override
  public TlsFacts startTls() {
    encrypted = true;
    return tls().orElseThrow();
  }

  @Override
  public void close() {
    end.close();
  }
}
