package dev.postrider.server.imap;

import dev.postrider.server.net.Connection;
import dev.postrider.server.net.TlsFacts;
import dev.postrider.testkit.dialog.DuplexPipe;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/** A connection in memory, as a session sees it. Its TLS is a word only. */
final class PipeConnection implements Connection {

  private final String id;
  private final DuplexPipe.End end;
  private final OutputStream out;
  private volatile Optional<TlsFacts> tls;

  PipeConnection(String id, DuplexPipe.End end, boolean encrypted) {
    this.id = id;
    this.end = end;
    this.out = new BufferedOutputStream(end.out(), 16 * 1024);
    this.tls = encrypted ? Optional.of(new TlsFacts("TLSv1.3", "none")) : Optional.empty();
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public InetSocketAddress remote() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
  }

  @Override
  public InetSocketAddress local() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 2);
  }

  @Override
  public Optional<TlsFacts> tls() {
    return tls;
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
  public TlsFacts startTls() throws IOException {
    TlsFacts facts = new TlsFacts("TLSv1.3", "none");
    tls = Optional.of(facts);
    return facts;
  }

  @Override
  public void close() {
    end.close();
  }
}
