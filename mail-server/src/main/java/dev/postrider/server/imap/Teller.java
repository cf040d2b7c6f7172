package dev.postrider.server.imap;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a client that waits what has changed, while the session's thread waits for the client.
 *
 * <p>Invariants. At most one thread tells: whoever turns {@code RESTING} into something else starts
 * it, and it turns what it finds back. A signal that comes while it tells makes it look once more,
 * so what came after its look is told too. It writes only under the lock of the session's streams,
 * and only while {@code over}, which that lock guards, is not set: once {@link #end} returns,
 * nothing more is told, though a thread may still come for the lock and leave again.
 */
final class Teller {

  private static final Logger log = LoggerFactory.getLogger(Teller.class);

  private enum State {
    RESTING,
    TELLING,
    TELLING_ONCE_MORE
  }

  private final ImapSession session;
  private final AtomicReference<State> state = new AtomicReference<>(State.RESTING);

  /** Written and read under the lock of the streams. */
  private boolean over;

  Teller(ImapSession session) {
    this.session = session;
  }

  /** Something may have changed. From any thread; returns at once. */
  void moved() {
    State before =
        state.getAndUpdate(now -> now == State.RESTING ? State.TELLING : State.TELLING_ONCE_MORE);
    if (before == State.RESTING) {
      Thread.ofVirtual().name("imap-tell-" + session.connection().id()).start(this::tell);
    }
  }

  /** The caller holds the lock of the session's streams. */
  void end() {
    over = true;
  }

  private void tell() {
    do {
      state.set(State.TELLING);
      refresh();
    } while (!state.compareAndSet(State.TELLING, State.RESTING));
  }

  private void refresh() {
    session.streams().lock().lock();
    try {
      if (!over) {
        session.refresh(true);
        session.streams().flush();
      }
    } catch (SessionEndException e) {
      over = true;
      session.sayBye(e.bye());
      session.connection().close();
    } catch (IOException e) {
      over = true;
      log.debug(
          "imap.idle-lost session={} cause=\"{}\"", session.connection().id(), e.getMessage());
      session.connection().close();
    } catch (RuntimeException e) {
      over = true;
      log.error("imap.bug session={}", session.connection().id(), e);
      session.connection().close();
    } finally {
      session.streams().lock().unlock();
    }
  }
}
