package dev.postrider.server.net;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLKeyException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS over a {@link Wire}, as the server.
 *
 * <p>Buffers. Reading starts with the five octets of a record's header, into an array of its own.
 * Only when they are there is the rest of the record on its way, and only then is a buffer taken
 * for it; another one takes the plain text, and is given back when that has been read. So a
 * connection that waits for its peer holds no buffer, and this is always true before the first
 * octet of a record. A read that times out within a record keeps what it has and goes on from there
 * when it is tried again.
 *
 * <p>Threads. One reads, another writes. The engine allows that; records must go out in the order
 * in which the engine made them, so whoever wraps holds {@link #writing} until the record is on the
 * wire. The reader wraps too, when the engine wants to answer (KeyUpdate, close_notify). Nobody
 * holds {@link #writing} while reading, except in the handshake, when nobody else is about.
 *
 * <p>Ends. A record that never comes (the peer closed its side with or without close_notify) is the
 * end of the stream: SMTP and IMAP tell a cut transaction from a whole one themselves. A record cut
 * in the middle is an error. Renegotiation (TLS 1.2) is refused: it has no use here and costs the
 * server more than the peer.
 */
final class TlsLayer {

  private static final int HEADER_OCTETS = 5;

  /** Ciphertext of a record at most: RFC 5246 section 6.2.3. */
  private static final int FRAGMENT_OCTETS_MAX = 16_384 + 2_048;

  private static final String EXPORTER_LABEL = "EXPORTER-Channel-Binding";
  private static final int EXPORTER_OCTETS = 32;

  private static final Logger log = LoggerFactory.getLogger(TlsLayer.class);

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Wire wire;
  private final SSLEngine engine;
  private final BufferPool buffers;
  private final ReentrantLock writing = new ReentrantLock();

  private final byte[] header = new byte[HEADER_OCTETS];
  private int headerOctets;

  /** The record being received, header first; null between records. */
  private @Nullable ByteBuffer record;

  /** Plain text not read yet; null when there is none. */
  private @Nullable ByteBuffer plain;

  private boolean handshakeDone;
  private boolean ended;

  TlsLayer(Wire wire, SSLEngine engine, BufferPool buffers) {
    this.wire = wire;
    this.engine = engine;
    this.buffers = buffers;
  }

  TlsFacts handshake() throws IOException {
    engine.beginHandshake();
    while (true) {
      HandshakeStatus status = engine.getHandshakeStatus();
      switch (status) {
        case NEED_WRAP -> wrap(NOTHING);
        case NEED_TASK -> runTasks();
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          if (!unwrapRecord()) {
            throw new EOFException("the peer closed the connection during the TLS handshake");
          }
        }
        case NOT_HANDSHAKING, FINISHED -> {
          handshakeDone = true;
          return new TlsFacts(
              engine.getSession().getProtocol(), engine.getSession().getCipherSuite());
        }
      }
    }
  }

  /**
   * What names this connection, and nothing else. RFC 9266 section 2. Empty where TLS 1.2 was made
   * without the extension that makes it so: RFC 7677 section 4 allows no binding at all then.
   */
  Optional<byte[]> exporter() {
    if (!(engine.getSession() instanceof ExtendedSSLSession session)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          session.exportKeyingMaterialData(EXPORTER_LABEL, new byte[0], EXPORTER_OCTETS));
    } catch (SSLKeyException | IllegalStateException | UnsupportedOperationException e) {
      log.debug("net.no-exporter cause=\"{}\"", e.getMessage());
      return Optional.empty();
    }
  }

  /** What the peer showed of itself, its own certificate first; nothing when it showed none. */
  List<X509Certificate> shown() {
    try {
      return Arrays.stream(engine.getSession().getPeerCertificates())
          .map(X509Certificate.class::cast)
          .toList();
    } catch (SSLPeerUnverifiedException none) {
      return List.of();
    }
  }

  /** Octets read, at least one; -1 at the end. */
  int read(byte[] into, int offset, int length) throws IOException {
    while (plain == null) {
      if (ended || !unwrapRecord()) {
        ended = true;
        return -1;
      }
    }
    int count = Math.min(length, plain.remaining());
    plain.get(into, offset, count);
    if (!plain.hasRemaining()) {
      buffers.giveBack(plain);
      plain = null;
    }
    return count;
  }

  /** Octets that can be read without waiting. */
  int available() {
    return plain == null ? 0 : plain.remaining();
  }

  void write(ByteBuffer from) throws IOException {
    while (from.hasRemaining()) {
      wrap(from);
    }
  }

  /** Sends close_notify, unless somebody is in the middle of a write. */
  void closeNotify() throws IOException {
    if (!writing.tryLock()) {
      return;
    }
    try {
      engine.closeOutbound();
      while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && !engine.isOutboundDone()) {
        wrap(NOTHING);
      }
    } finally {
      writing.unlock();
    }
  }

  /** Reads one record and unwraps it. False: there is no more. */
  private boolean unwrapRecord() throws IOException {
    if (record == null && !readHeader()) {
      return false;
    }
    ByteBuffer whole = readFragment();
    ByteBuffer target = buffers.take();
    try {
      SSLEngineResult result = engine.unwrap(whole, target);
      switch (result.getStatus()) {
        case OK -> {}
        case CLOSED -> ended = true;
        case BUFFER_OVERFLOW, BUFFER_UNDERFLOW ->
            throw new SSLException("the peer sent a TLS record of a wrong size");
      }
    } catch (SSLException e) {
      sendAlert();
      throw e;
    } finally {
      record = null;
      buffers.giveBack(whole);
      target.flip();
      if (target.hasRemaining()) {
        plain = target;
      } else {
        buffers.giveBack(target);
      }
    }
    if (handshakeDone) {
      afterHandshake();
    }
    return !ended || plain != null;
  }

  /** What the engine wants after a record of an established connection. */
  private void afterHandshake() throws IOException {
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_WRAP -> wrap(NOTHING);
        case NEED_TASK -> {
          if (!engine.getSession().getProtocol().equals("TLSv1.3")) {
            throw new SSLException("the peer asked for renegotiation");
          }
          runTasks();
        }
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN, NOT_HANDSHAKING, FINISHED -> {
          return;
        }
      }
    }
  }

  private boolean readHeader() throws IOException {
    while (headerOctets < HEADER_OCTETS) {
      int count = wire.read(header, headerOctets, HEADER_OCTETS - headerOctets);
      if (count < 0) {
        if (headerOctets == 0) {
          return false;
        }
        throw new EOFException("the connection ended within a TLS record");
      }
      headerOctets += count;
      requireTls();
    }
    int length = (header[3] & 0xff) << 8 | (header[4] & 0xff);
    if (length > FRAGMENT_OCTETS_MAX) {
      throw new SSLException("the peer announced a TLS record of " + length + " octets");
    }
    ByteBuffer buffer = buffers.take();
    buffer.put(header).limit(HEADER_OCTETS + length);
    headerOctets = 0;
    record = buffer;
    return true;
  }

  /** A record starts with its content type, 20 to 23, and major version 3. RFC 8446 section 5.1. */
  private void requireTls() throws SSLException {
    boolean wrong = header[0] < 20 || header[0] > 23 || (headerOctets > 1 && header[1] != 3);
    if (wrong) {
      String start = new String(header, 0, headerOctets, StandardCharsets.US_ASCII);
      throw new SSLException(
          "the peer speaks no TLS, it sent \"" + start.replaceAll("[^ -~]", "?") + "\"");
    }
  }

  private ByteBuffer readFragment() throws IOException {
    ByteBuffer buffer = record;
    if (buffer == null) {
      throw new IllegalStateException("no header");
    }
    while (buffer.hasRemaining()) {
      int count =
          wire.read(buffer.array(), buffer.arrayOffset() + buffer.position(), buffer.remaining());
      if (count < 0) {
        throw new EOFException("the connection ended within a TLS record");
      }
      buffer.position(buffer.position() + count);
    }
    buffer.flip();
    return buffer;
  }

  /** Makes one record, of at most 16384 octets of {@code from}, and sends it. */
  private void wrap(ByteBuffer from) throws IOException {
    writing.lock();
    try {
      ByteBuffer out = buffers.take();
      try {
        SSLEngineResult result = engine.wrap(from, out);
        out.flip();
        if (out.hasRemaining()) {
          wire.write(out);
        }
        switch (result.getStatus()) {
          case OK -> {}
          case CLOSED -> {
            if (from.hasRemaining()) {
              throw new SocketException("the TLS connection is closed");
            }
          }
          case BUFFER_OVERFLOW, BUFFER_UNDERFLOW ->
              throw new SSLException("the engine refused a buffer of " + out.capacity());
        }
      } finally {
        buffers.giveBack(out);
      }
    } finally {
      writing.unlock();
    }
  }

  /** After a failure the engine has an alert for the peer; that it arrives is not promised. */
  private void sendAlert() {
    try {
      while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
        wrap(NOTHING);
      }
    } catch (IOException e) {
      // The failure that led here is the one to report.
      return;
    }
  }

  private void runTasks() {
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
  }
}
