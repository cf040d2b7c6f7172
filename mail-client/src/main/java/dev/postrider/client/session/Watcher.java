package dev.postrider.client.session;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Watches a folder and reports what comes into it, until the listener has had enough.
 *
 * <p>What is true at all times: {@code next} is the lowest UID not reported yet, under {@code
 * validity}. It survives a lost connection, so that mail that came meanwhile is reported after the
 * reconnect, each message once. Only a new UIDVALIDITY makes it start afresh.
 *
 * <p>IDLE is ended and begun again every few minutes (RFC 2177 section 3 says at least every 29);
 * routers forget quiet connections sooner. A server that does not answer to that is taken for dead.
 * Without IDLE the folder is asked at intervals.
 */
public final class Watcher {
  /** Quiet connections are dropped after ten minutes by some routers. */
  public static final Duration REISSUE = Duration.ofMinutes(9);

  /** How often a server without IDLE is asked. */
  public static final Duration POLL = Duration.ofMinutes(1);

  private static final Duration BACKOFF_FIRST = Duration.ofSeconds(1);
  private static final Duration BACKOFF_MAX = Duration.ofMinutes(5);

  /** Hears of what happens. */
  public interface Listener {
    void connected(String folder, long uidValidity);

    /** Returns whether to go on. */
    boolean message(MessageSummary message) throws MailFailure;

    void lost(MailFailure why, Duration pause);
  }

  /** Waits, or does not: tests have no time. */
  @FunctionalInterface
  public interface Pause {
    void of(Duration duration) throws MailFailure;
  }

  private final Connector connector;
  private final String folder;
  private final Duration reissue;
  private final Duration poll;
  private final Pause pause;
  private final Supplier<Double> jitter;

  private long next = -1;
  private long validity = -1;
  private Duration backoff = BACKOFF_FIRST;

  /**
   * @param jitter numbers from 0 to 1, so that many clients do not return at the same moment
   */
  public Watcher(
      Connector connector,
      String folder,
      Duration reissue,
      Duration poll,
      Pause pause,
      Supplier<Double> jitter) {
    this.connector =
        connector.withTimeouts(
            new Timeouts(
                connector.timeouts().connect(), reissue.plus(connector.timeouts().read())));
    this.folder = folder;
    this.reissue = reissue;
    this.poll = poll;
    this.pause = pause;
    this.jitter = jitter;
  }

  /** Returns when the listener wants no more; fails when trying again would not help. */
  public void run(Listener listener) throws MailFailure {
    boolean everConnected = false;
    while (true) {
      MailFailure lost = watchOnce(listener);
      if (lost == null) {
        return;
      }
      everConnected |= validity >= 0;
      if (!everConnected || isPermanent(lost)) {
        throw lost;
      }
      Duration wait = backoff.plusMillis((long) (backoff.toMillis() * jitter.get()));
      listener.lost(lost, wait);
      pause.of(wait);
      backoff = backoff.multipliedBy(2);
      backoff = backoff.compareTo(BACKOFF_MAX) > 0 ? BACKOFF_MAX : backoff;
    }
  }

  private static boolean isPermanent(MailFailure failure) {
    return failure.exitCode() == ExitCode.NO_PERMISSION || failure.exitCode() == ExitCode.CONFIG;
  }

  /** One connection, to its end; null when the listener has had enough. */
  private @Nullable MailFailure watchOnce(Listener listener) throws MailFailure {
    try (ImapConnection imap = connector.imap()) {
      SelectedFolder selected = imap.select(folder, true);
      if (selected.uidValidity() != validity) {
        validity = selected.uidValidity();
        next = firstUnseen(selected);
      }
      backoff = BACKOFF_FIRST;
      listener.connected(folder, validity);
      while (report(selected, listener)) {
        waitForNews(imap);
      }
      return null;
    } catch (MailFailure e) {
      return e;
    }
  }

  private static long firstUnseen(SelectedFolder selected) throws MailFailure {
    if (selected.uidNext() > 0) {
      return selected.uidNext();
    }
    List<Long> last = selected.existing(new UidSet("*"));
    return last.isEmpty() ? 1 : last.getLast() + 1;
  }

  /** Reports what is new; false when the listener wants no more. */
  private boolean report(SelectedFolder selected, Listener listener) throws MailFailure {
    // "n:*" names the last message even when its UID is below n. RFC 9051 section 9.
    for (MessageSummary message : selected.summaries(new UidSet(next + ":*"))) {
      if (message.uid() >= next) {
        next = message.uid() + 1;
        if (!listener.message(message)) {
          return false;
        }
      }
    }
    return true;
  }

  private void waitForNews(ImapConnection imap) throws MailFailure {
    if (imap.has("IDLE")) {
      imap.idle(reissue);
    } else {
      pause.of(poll);
      imap.command("look for news", "NOOP", null);
    }
  }
}
