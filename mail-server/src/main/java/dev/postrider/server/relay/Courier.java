package dev.postrider.server.relay;

import dev.postrider.server.config.ListenerKind;
import dev.postrider.server.config.ServerConfig;
import dev.postrider.server.dns.Dns;
import dev.postrider.server.intake.Intake;
import dev.postrider.storage.Store;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.changes.ChangeFeed.Subscription;
import dev.postrider.storage.queue.QueueEntry;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries queued mail away.
 *
 * <p>One virtual thread claims: it subscribes to the queue, then claims what is due, then waits for
 * the earliest of a signal of the queue, the time at which the next entry is due, and room for
 * more. It subscribes before it reads, so nothing that is queued meanwhile is missed; with an empty
 * queue it sleeps until there is a signal. Waits are computed from the injected clock, and cut to
 * {@link #WAIT_MAX} while something is queued, so that a clock that was set is noticed.
 *
 * <p>At all times an entry is in one of four hands: unclaimed in the queue; waiting in its lane
 * ({@link Dispatch}); with one connection ({@link Carrier}); or decided and not yet written ({@link
 * Ledger}). It leaves the last three only by a settlement that is on disk, or by a release, which
 * is for entries that no peer can have taken. So no entry is carried twice at the same time, and a
 * crash at any moment loses nothing: it leaves all entries unclaimed, and at worst delivers again
 * what a peer took and was not yet written.
 *
 * <p>The claiming thread never waits for a peer, and connections never for each other: a dead
 * destination costs its own messages a place in {@link Dispatch}, and nothing else.
 *
 * <p>{@link #stop} gives back what waits, lets connections finish the message that they carry, and
 * after the grace closes them; what was under way then is released, not counted as an attempt.
 */
public final class Courier {

  private static final Logger log = LoggerFactory.getLogger(Courier.class);

  /** Entries claimed at a time. */
  private static final int CLAIM_MAX = 1000;

  /** Longest wait while something is queued. */
  private static final Duration WAIT_MAX = Duration.ofMinutes(10);

  /** Wait with an empty queue; any signal ends it. */
  private static final Duration WAIT_IDLE = Duration.ofDays(1);

  /** Wait after the store failed. */
  private static final Duration WAIT_FAILED = Duration.ofSeconds(30);

  /** Shortest wait. */
  private static final Duration WAIT_MIN = Duration.ofMillis(1);

  /** For what a destination has no room for. */
  private static final Duration POSTPONEMENT = Duration.ofMinutes(1);

  /** What connections get to notice that they were closed. */
  private static final Duration ABORT = Duration.ofSeconds(5);

  private final Store store;
  private final InstantSource clock;
  private final Watchdog watchdog = new Watchdog();
  private final Dialer dialer;
  private final Approach approach;
  private final Ledger ledger;
  private final Dispatch dispatch;
  private final CompletableFuture<Boolean> claimingEnded = new CompletableFuture<>();
  private volatile @Nullable Subscription news;
  private volatile boolean started;
  private volatile boolean stopping;

  @Inject
  public Courier(ServerConfig config, Store store, Intake intake, Dns dns, InstantSource clock) {
    this(
        config,
        store,
        intake,
        dns,
        clock,
        PeerTimeouts.DEFAULTS,
        PeerTls.trusting(Optional.empty()),
        ListenerKind.SMTP.standardPort(),
        new SecureRandom());
  }

  Courier(
      ServerConfig config,
      Store store,
      Intake intake,
      Dns dns,
      InstantSource clock,
      PeerTimeouts timeouts,
      PeerTls tls,
      int mxPort,
      RandomGenerator random) {
    HostIdentity self = new HostIdentity(config);
    this.store = store;
    this.clock = clock;
    this.dialer = new Dialer(watchdog, timeouts);
    this.approach =
        new Approach(
            new NextHops(dns, self, mxPort), dialer, tls, self, config.hostname(), timeouts);
    this.ledger =
        new Ledger(
            store,
            intake,
            new RetrySchedule(config.relay()),
            new NoticeWriter(config.hostname(), random),
            clock,
            this::settled);
    this.dispatch = new Dispatch(config.relay(), new Routes(config), this::startCarrier);
  }

  /** Begins to claim. Once. */
  public void start() {
    started = true;
    Thread.ofVirtual().name("relay-courier").start(this::run);
  }

  /**
   * Ends, at the latest a few seconds after {@code grace}. The store must still be open. Once; also
   * when it was never started.
   */
  public void stop(Duration grace) {
    stopping = true;
    releaseToQueue(dispatch.stop());
    lookAgain();
    if (!within(dispatch.drained(), grace)) {
      log.warn("relay.stop-forced grace-seconds={}", grace.toSeconds());
      ledger.releaseDeferrals();
      dialer.abort();
      if (!within(dispatch.drained(), ABORT)) {
        log.error("relay.stop-incomplete reason=connection-does-not-end");
      }
    }
    if (started) {
      within(claimingEnded, ABORT);
    }
    ledger.retry();
    watchdog.close();
  }

  private static boolean within(CompletableFuture<Boolean> done, Duration atMost) {
    return done.copy()
        .completeOnTimeout(false, Math.max(1, atMost.toMillis()), TimeUnit.MILLISECONDS)
        .join();
  }

  /** Makes the claiming thread look at queue and clock now, instead of at the time it computed. */
  void lookAgain() {
    Subscription present = news;
    if (present != null) {
      present.wake();
    }
  }

  private void run() {
    try (Subscription subscription = store.changes().queue()) {
      news = subscription;
      log.info("relay.started queued={}", store.queue().size());
      while (!stopping) {
        ledger.retry();
        Duration wait = claim();
        if (!wait.isZero() && !stopping) {
          subscription.await(wait);
        }
      }
    } catch (StoreException failure) {
      log.error("relay.ended cause=\"{}\"", failure.getMessage());
    } finally {
      news = null;
      claimingEnded.complete(true);
    }
  }

  /** Claims once. Returns how long there is nothing more to do, zero if there may be now. */
  private Duration claim() throws StoreException {
    try {
      int room = Math.min(CLAIM_MAX, dispatch.room());
      List<QueueEntry> due = room > 0 ? store.queue().claim(clock.instant(), room) : List.of();
      if (!due.isEmpty()) {
        log.debug("relay.claimed entries={}", due.size());
        turnAway(dispatch.add(due));
        return Duration.ZERO;
      }
      return room > 0 ? untilNextDue() : WAIT_MAX;
    } catch (StoreException failure) {
      if (failure.kind() == StoreException.Kind.CLOSED
          || failure.kind() == StoreException.Kind.FATAL) {
        throw failure;
      }
      log.error("relay.claim-failed kind={} cause=\"{}\"", failure.kind(), failure.getMessage());
      return WAIT_FAILED;
    }
  }

  private Duration untilNextDue() throws StoreException {
    if (ledger.hasUnwritten()) {
      return WAIT_FAILED;
    }
    Optional<Instant> due = store.queue().nextDue();
    if (due.isEmpty()) {
      return WAIT_IDLE;
    }
    Duration until = Duration.between(clock.instant(), due.get());
    if (until.compareTo(WAIT_MAX) > 0) {
      return WAIT_MAX;
    }
    // Due by now, though a moment ago it was not: at once, but never in a busy loop.
    return until.compareTo(WAIT_MIN) < 0 ? WAIT_MIN : until;
  }

  /** What has no place now: nothing does once we stop, else its destination has too much. */
  private void turnAway(List<QueueEntry> entries) throws StoreException {
    try {
      Instant later = clock.instant().plus(POSTPONEMENT);
      for (QueueEntry entry : stopping ? List.<QueueEntry>of() : entries) {
        // First the time, then the claim: the other way round it would be due at once.
        postpone(entry, later);
      }
    } finally {
      releaseToQueue(entries);
    }
  }

  private void postpone(QueueEntry entry, Instant later) throws StoreException {
    try {
      store.queue().reschedule(entry.id(), later);
    } catch (StoreException failure) {
      if (failure.kind() != StoreException.Kind.NOT_FOUND) {
        throw failure;
      }
      // Removed by the operator.
    }
  }

  private void releaseToQueue(List<QueueEntry> entries) {
    if (!entries.isEmpty()) {
      store.queue().release(entries.stream().map(QueueEntry::id).toList());
    }
  }

  private void startCarrier(Lane lane) {
    Thread.ofVirtual()
        .name("relay-" + lane.route())
        .start(new Carrier(lane, dispatch, approach, store.messages(), ledger));
  }

  private void settled(Lane lane, int entries) {
    boolean wasFull = dispatch.room() == 0;
    dispatch.settled(lane, entries);
    if (wasFull) {
      lookAgain();
    }
  }
}
