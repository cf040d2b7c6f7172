package dev.postrider.server.smtp;

import dev.postrider.protocol.smtp.SmtpReply;
import dev.postrider.server.net.Connection;
import dev.postrider.server.net.ConnectionHandler.Drain;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a stopping server say goodbye to a session that waits for a command (RFC 5321 section 3.8).
 *
 * <p>The lock decides who writes. While {@link #waiting} is set the session's thread is in a read
 * and writes nothing, so the thread of the drain may; it closes the connection afterwards, which
 * ends that read. A session that is at work finishes its reply and learns of the drain at its next
 * {@link #begin}.
 */
final class Idleness {

  private static final Logger log = LoggerFactory.getLogger(Idleness.class);

  private final Connection connection;
  private final Drain drain;
  private final Object lock = new Object();
  private boolean waiting;
  private boolean goodbye;

  Idleness(Connection connection, Drain drain) {
    this.connection = connection;
    this.drain = drain;
    drain.onDrain(this::interruptWaiting);
  }

  /** Before a wait. False: the goodbye has been said instead. */
  boolean begin() {
    synchronized (lock) {
      if (drain.isDraining()) {
        sayGoodbye();
      }
      waiting = !goodbye;
      return waiting;
    }
  }

  /** After the wait, whatever ended it. */
  void end() {
    synchronized (lock) {
      waiting = false;
    }
  }

  boolean saidGoodbye() {
    synchronized (lock) {
      return goodbye;
    }
  }

  private void interruptWaiting() {
    synchronized (lock) {
      if (waiting) {
        sayGoodbye();
        connection.close();
      }
    }
  }

  private void sayGoodbye() {
    if (goodbye) {
      return;
    }
    goodbye = true;
    try {
      connection
          .out()
          .write(SmtpReply.of(421, "4.3.2", "The server is stopping, try again later").encode());
      connection.out().flush();
    } catch (IOException e) {
      log.debug("smtp.goodbye-lost session={} reason={}", connection.id(), e.toString());
    }
  }
}
