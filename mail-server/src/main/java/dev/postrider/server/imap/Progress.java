package dev.postrider.server.imap;

import dev.postrider.protocol.imap.Extension;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.ResponseCode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Tells the client now and then how far a command is that looks at many messages, so that it
 * neither gives up nor has nothing to show. A command that is done sooner says nothing of it. RFC
 * 9585.
 */
final class Progress {

  /** RFC 9585 section 4: every 10 to 15 seconds. */
  static final Duration INTERVAL = Duration.ofSeconds(10);

  /** The clock is looked at for one of so many messages. */
  static final int STEPS = 16;

  private final ImapSession session;
  private final InstantSource clock;
  private final long goal;
  private long done;
  private Instant next;

  /**
   * @param goal messages that will be looked at, at most or nearly
   */
  Progress(ImapSession session, long goal) {
    this.session = session;
    this.clock = session.services().clock();
    this.goal = goal;
    this.next = clock.instant().plus(INTERVAL);
  }

  /** One more has been looked at. */
  void step() throws IOException {
    done++;
    if (done % STEPS == 0 && session.speaks(Extension.INPROGRESS)) {
      tell(clock.instant());
    }
  }

  private void tell(Instant now) throws IOException {
    if (now.isBefore(next)) {
      return;
    }
    next = now.plus(INTERVAL);
    // The goal is what it reaches when the command is completed, and not before.
    ResponseCode code = ResponseCode.inProgress(session.tag(), Math.min(done, goal - 1), goal);
    session.writer().untagged(ImapReply.ok(code, "Still looking"));
    session.streams().flush();
  }
}
