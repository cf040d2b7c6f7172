package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.text.LineException;
import dev.postrider.storage.changes.ChangeFeed.Listening;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * RFC 2177. The session's thread waits for DONE; what happens meanwhile is told by a {@link
 * Teller}, which has a thread only while there is something to tell. So a session that idles costs
 * one thread that waits.
 *
 * <p>Invariants. The teller listens before the first refresh, so nothing that happens is missed.
 * The session's thread gives the lock of its streams away while it waits, and ends the telling once
 * it has it again: not another octet comes from the teller before the completion is sent.
 */
final class IdleHandler implements CommandHandler<ImapCommand.Idle> {

  private static final int DONE_OCTETS_MAX = 1024;

  @Override
  public ImapReply handle(ImapCommand.Idle command, ImapSession session) throws IOException {
    session.writer().atom("+ idling").crlf();
    Teller teller = new Teller(session);
    try (Listening _ = listen(session, teller)) {
      session.refresh(true);
      session.streams().flush();
      return completion(waitForLine(session));
    } finally {
      teller.end();
    }
  }

  /** Without a selected mailbox there is nothing to hear. */
  private static Listening listen(ImapSession session, Teller teller) {
    return session.isSelected()
        ? session.store().changes().mailbox(session.mailbox().mailbox().id(), teller::moved)
        : () -> {};
  }

  /** What ends the idling: DONE, or a line that should not be there; null at the end. */
  private static byte @Nullable [] waitForLine(ImapSession session) throws IOException {
    session.streams().lock().unlock();
    try {
      if (session.streams().reader().buffered() == 0) {
        session.streams().reader().releaseBuffer();
      }
      return patiently(session);
    } catch (LineException e) {
      return new byte[0];
    } finally {
      session.streams().lock().lock();
    }
  }

  /** Whenever the peer has been silent for a while, it is sent a word. */
  private static byte @Nullable [] patiently(ImapSession session) throws IOException {
    Duration word = session.services().config().imap().idleWord();
    Duration left = session.services().config().limits().idleTimeout();
    while (true) {
      Duration wait = left.compareTo(word) < 0 ? left : word;
      session.streams().patience(wait);
      try {
        return session.streams().reader().line(DONE_OCTETS_MAX);
      } catch (SocketTimeoutException e) {
        left = left.minus(wait);
        if (!left.isPositive()) {
          throw e;
        }
      }
      sayAWord(session);
    }
  }

  private static void sayAWord(ImapSession session) throws IOException {
    session.streams().lock().lock();
    try {
      session.writer().untagged(ImapReply.ok("Still here"));
      session.streams().flush();
    } finally {
      session.streams().lock().unlock();
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
}
