package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.text.LineException;
import dev.postrider.storage.changes.ChangeFeed.Subscription;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * RFC 2177. The session's thread waits for DONE; a second one waits for changes and writes.
 *
 * <p>Invariants. The subscription exists before the first refresh, so nothing that happens is
 * missed. Whoever writes holds the lock of the session's streams, which the session's thread gives
 * away while it waits. The second thread looks for {@code over} each time it has the lock and
 * before it writes anything: once the session's thread has the lock again and has set it, not
 * another octet comes from there, and both are one again before the completion is sent. Nobody is
 * interrupted: waking the subscription ends the wait of the second thread, closing the connection
 * the first.
 */
final class IdleHandler implements CommandHandler<ImapCommand.Idle> {

  /**
   * Silence after which a word is sent, so that a gateway does not forget the connection: many do
   * so after five minutes.
   */
  private static final Duration WORD_AFTER = Duration.ofMinutes(4);

  private static final int DONE_OCTETS_MAX = 1024;

  private static final Logger log = LoggerFactory.getLogger(IdleHandler.class);

  @Override
  public ImapReply handle(ImapCommand.Idle command, ImapSession session) throws IOException {
    session.writer().atom("+ idling").crlf();
    session.streams().patience(session.services().config().limits().idleTimeout());
    try (Subscription subscription = subscribe(session)) {
      session.refresh(true);
      session.streams().flush();
      Idling idling = new Idling(session, subscription);
      Thread thread =
          Thread.ofVirtual().name("imap-idle-" + session.connection().id()).start(idling);
      byte @Nullable [] line;
      try {
        line = waitForLine(session);
      } finally {
        idling.over = true;
        subscription.wake();
        session.streams().lock().unlock();
        join(thread);
        session.streams().lock().lock();
      }
      return completion(line);
    }
  }

  /** Without a selected mailbox there is nothing to hear, and the account serves to wait with. */
  private static Subscription subscribe(ImapSession session) {
    return session.isSelected()
        ? session.store().changes().mailbox(session.mailbox().mailbox().id())
        : session.store().changes().account(session.account().id());
  }

  /** What ends the idling: DONE, or a line that should not be there; null at the end. */
  private static byte @Nullable [] waitForLine(ImapSession session) throws IOException {
    session.streams().lock().unlock();
    try {
      if (session.streams().reader().buffered() == 0) {
        session.streams().reader().releaseBuffer();
      }
      return session.streams().reader().line(DONE_OCTETS_MAX);
    } catch (LineException e) {
      return new byte[0];
    } finally {
      session.streams().lock().lock();
    }
  }

  private static ImapReply completion(byte @Nullable [] line) throws IOException {
    if (line == null) {
      throw new EOFException("client closed the connection while idling");
    }
    String text = new String(line, StandardCharsets.ISO_8859_1).strip();
    return text.equalsIgnoreCase("DONE")
        ? ImapReply.ok("Idled")
        : ImapReply.bad("Expected DONE; what came instead was not executed");
  }

  private static void join(Thread thread) {
    boolean joined = false;
    while (!joined) {
      try {
        thread.join();
        joined = true;
      } catch (InterruptedException e) {
        log.warn("imap.interrupted", e);
      }
    }
  }

  /** What the second thread does. */
  private static final class Idling implements Runnable {

    private final ImapSession session;
    private final Subscription subscription;

    /** Written and read under the lock of the streams. */
    private boolean over;

    Idling(ImapSession session, Subscription subscription) {
      this.session = session;
      this.subscription = subscription;
    }

    @Override
    public void run() {
      boolean going = true;
      while (going) {
        boolean moved = subscription.await(WORD_AFTER);
        session.streams().lock().lock();
        try {
          going = !over;
          if (going) {
            tell(moved);
          }
        } catch (SessionEndException e) {
          going = false;
          session.sayBye(e.bye());
          session.connection().close();
        } catch (IOException e) {
          going = false;
          log.debug(
              "imap.idle-lost session={} cause=\"{}\"", session.connection().id(), e.getMessage());
          session.connection().close();
        } finally {
          session.streams().lock().unlock();
        }
      }
    }

    private void tell(boolean moved) throws IOException {
      if (moved && session.isSelected()) {
        session.refresh(true);
      } else if (!moved) {
        session.writer().untagged(ImapReply.ok("Still here"));
      }
      session.streams().flush();
    }
  }
}
