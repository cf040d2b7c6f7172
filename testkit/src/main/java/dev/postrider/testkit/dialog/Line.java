package dev.postrider.testkit.dialog;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a player. Reads happen on the player's thread; writes in order on a thread of
 * their own. Nothing is read beyond the end of a line while the peer may still switch to TLS: the
 * buffer is dropped at the switch, and must be empty then.
 */
final class Line {

  private static final int LINE_OCTETS_MAX = 64 * 1024 * 1024;
  private static final int DRAIN_SECONDS_MAX = 30;

  private final String name;
  private final Transport transport;
  private final Transcript transcript;
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("dialog-writer").factory());
  private InputStream in;
  private volatile @Nullable IOException writeFailure;

  Line(String name, Transport transport, Transcript transcript) {
    this.name = name;
    this.transport = transport;
    this.transcript = transcript;
    this.in = new BufferedInputStream(transport.in());
  }

  String name() {
    return name;
  }

  /** Why a write failed; null when none did. */
  @Nullable IOException writeFailure() {
    return writeFailure;
  }

  void send(byte[] octets) {
    String text = LinePattern.decode(octets);
    transcript.add(name, "C", text.endsWith("\r\n") ? text.substring(0, text.length() - 2) : text);
    var _ =
        writer.submit(
            () -> {
              try {
                transport.out().write(octets);
                transport.out().flush();
              } catch (IOException e) {
                writeFailure = e;
              }
            });
  }

  /** The next line without its CRLF; null at the end. */
  @Nullable String readLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int octet = in.read();
    while (octet >= 0 && octet != '\n') {
      line.write(octet);
      if (line.size() > LINE_OCTETS_MAX) {
        throw new IOException("a line of more than " + LINE_OCTETS_MAX + " octets");
      }
      octet = in.read();
    }
    byte[] all = line.toByteArray();
    if (octet < 0 && all.length == 0) {
      transcript.add(name, "S", "(closed)");
      return null;
    }
    boolean whole = octet == '\n' && all.length > 0 && all[all.length - 1] == '\r';
    String text = LinePattern.decode(whole ? Arrays.copyOf(all, all.length - 1) : all);
    transcript.add(name, "S", text);
    if (!whole) {
      throw new IOException("the server's line does not end in CRLF: " + text);
    }
    return text;
  }

  String readOctets(int count) throws IOException {
    String text = LinePattern.decode(in.readNBytes(count));
    transcript.add(name, "S", text);
    return text;
  }

  void startTls() throws IOException {
    drain();
    if (in.available() > 0) {
      throw new IOException("the server sent more in the clear before the handshake");
    }
    transport.startTls();
    in = new BufferedInputStream(transport.in());
    transcript.add(name, "C", "(TLS)");
  }

  void closeOutput() throws IOException {
    drain();
    transport.closeOutput();
  }

  /** Sends what is still to be sent, then closes. A peer that is gone already is no failure. */
  void close() {
    try {
      drain();
      transport.close();
    } catch (IOException e) {
      transcript.add(name, "C", "(close: " + e.getMessage() + ")");
    }
    writer.close();
  }

  private void drain() throws IOException {
    try {
      writer.submit(() -> {}).get(DRAIN_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      transport.close();
      throw new IOException("the peer does not read what we write", e);
    } catch (InterruptedException | ExecutionException e) {
      throw new IOException(e);
    }
  }

  static byte[] withCrLf(byte[] octets) {
    byte[] all = Arrays.copyOf(octets, octets.length + 2);
    all[octets.length] = '\r';
    all[octets.length + 1] = '\n';
    return all;
  }
}
