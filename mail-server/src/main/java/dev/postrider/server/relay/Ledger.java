package dev.postrider.server.relay;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.protocol.message.DeliveryStatusNotification;
import dev.postrider.server.intake.Envelope;
import dev.postrider.server.intake.Intake;
import dev.postrider.storage.Commit;
import dev.postrider.storage.Store;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.queue.QueueEntry;
import dev.postrider.storage.queue.QueueId;
import dev.postrider.storage.queue.Settlement;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what became of attempts, and tells senders.
 *
 * <p>Invariants. The fate of a transaction's recipients and the notice about it are one commit: a
 * sender is told once, or the entry is still there. An entry whose fate could not be written stays
 * claimed, as otherwise the next claim would deliver it a second time; its decision is kept and
 * written when the disk takes it ({@link #retry}). No notice goes to the null reverse-path. Methods
 * may be called from any thread.
 */
final class Ledger {

  private static final Logger log = LoggerFactory.getLogger(Ledger.class);

  private final Store store;
  private final Intake intake;
  private final RetrySchedule schedule;
  private final NoticeWriter notices;
  private final InstantSource clock;
  private final BiConsumer<Lane, Integer> onSettled;
  private final ConcurrentLinkedQueue<Decision> unwritten = new ConcurrentLinkedQueue<>();
  private volatile boolean releasesDeferrals;

  /**
   * @param onSettled so many entries of the lane are no longer claimed
   */
  Ledger(
      Store store,
      Intake intake,
      RetrySchedule schedule,
      NoticeWriter notices,
      InstantSource clock,
      BiConsumer<Lane, Integer> onSettled) {
    this.store = store;
    this.intake = intake;
    this.schedule = schedule;
    this.notices = notices;
    this.clock = clock;
    this.onSettled = onSettled;
  }

  /** Outcomes of recipients of one message. */
  void settle(Lane lane, Via via, Map<QueueEntry, Outcome> outcomes) {
    Instant now = clock.instant();
    List<Settlement> settlements = new ArrayList<>();
    List<NoticeWriter.Report> reports = new ArrayList<>();
    List<QueueEntry> cutShort = new ArrayList<>();
    outcomes.entrySet().stream()
        .sorted(Comparator.comparingLong(each -> each.getKey().id().value()))
        .forEach(
            each -> {
              QueueEntry entry = each.getKey();
              switch (each.getValue()) {
                case Outcome.Delivered(Diagnosis said) -> {
                  log("delivered", via, entry, said, "-");
                  settlements.add(new Settlement.Done(entry.id()));
                }
                case Outcome.Failed(Diagnosis why) -> {
                  log("failed", via, entry, why, "-");
                  settlements.add(new Settlement.Done(entry.id()));
                  reports.add(new NoticeWriter.Report(entry, why, Optional.empty()));
                }
                case Outcome.Deferred(Diagnosis why) -> {
                  if (releasesDeferrals) {
                    cutShort.add(entry);
                  } else {
                    defer(via, entry, why, now, settlements, reports);
                  }
                }
              }
            });
    release(lane, cutShort);
    if (!settlements.isEmpty()) {
      write(new Decision(lane, settlements, notice(reports, now)));
    }
  }

  /** Gives entries back untouched. */
  void release(Lane lane, List<QueueEntry> entries) {
    if (!entries.isEmpty()) {
      store.queue().release(entries.stream().map(QueueEntry::id).toList());
      onSettled.accept(lane, entries.size());
    }
  }

  /**
   * From now on a deferral is no fault of the peer, but of our closing the connection: the entry is
   * given back, and the attempt does not count.
   */
  void releaseDeferrals() {
    releasesDeferrals = true;
  }

  /** Whether something waits for {@link #retry}. */
  boolean hasUnwritten() {
    return !unwritten.isEmpty();
  }

  /** Tries again to write what could not be written. */
  void retry() {
    for (int left = unwritten.size(); left > 0; left--) {
      Decision decision = unwritten.poll();
      if (decision != null) {
        write(decision);
      }
    }
  }

  private void defer(
      Via via,
      QueueEntry entry,
      Diagnosis why,
      Instant now,
      List<Settlement> settlements,
      List<NoticeWriter.Report> reports) {
    Optional<Instant> next = schedule.next(entry, now);
    if (next.isEmpty()) {
      log("failed", via, entry, why, "never");
      settlements.add(new Settlement.Done(entry.id()));
      reports.add(new NoticeWriter.Report(entry, why, Optional.empty()));
      return;
    }
    log("deferred", via, entry, why, next.get().toString());
    boolean tell = schedule.delayNoticeDue(entry);
    settlements.add(
        new Settlement.Deferred(
            entry.id(), next.get(), why.summary(), entry.delayNoticed() || tell));
    if (tell) {
      Instant last = schedule.lastAttempt(entry, next.get());
      reports.add(new NoticeWriter.Report(entry, why, Optional.of(last)));
    }
  }

  private static void log(
      String what, Via via, QueueEntry entry, Diagnosis diagnosis, String next) {
    log.info(
        "relay.attempt result={} queue={} trace={} from={} to={} attempt={} destination={} host={}"
            + " address={} tls={} status={} reply={} next={}",
        what,
        entry.id().value(),
        entry.traceId(),
        entry.sender().map(MailAddress::toString).orElse("<>"),
        entry.recipient(),
        entry.attempts() + 1,
        via.route(),
        via.host().orElse("-"),
        via.address().orElse("-"),
        via.tls().map(facts -> facts.protocol() + "/" + facts.cipherSuite()).orElse("none"),
        diagnosis.status(),
        diagnosis.text(),
        next);
  }

  /** The notice about {@code reports}, if there is anybody to tell. */
  private Optional<Notice> notice(List<NoticeWriter.Report> reports, Instant now) {
    if (reports.isEmpty()) {
      return Optional.empty();
    }
    QueueEntry first = reports.getFirst().entry();
    if (first.sender().isEmpty()) {
      // RFC 5321 section 6.1: a notice is never answered by a notice.
      for (NoticeWriter.Report each : reports) {
        log.warn(
            "relay.notice-dropped queue={} to={} reason=null-reverse-path",
            each.entry().id().value(),
            each.entry().recipient());
      }
      return Optional.empty();
    }
    MailAddress sender = first.sender().get();
    DeliveryStatusNotification message = notices.write(sender, reports, headers(first), now);
    Envelope envelope =
        new Envelope(
            Optional.empty(),
            List.of(sender),
            "dsn-" + first.id().value(),
            message.needsSmtpUtf8(),
            message.isEightBit());
    return Optional.of(new Notice(envelope, MessageSource.of(message.encode())));
  }

  /** Headers of the message, as far as a notice shows them; empty when they cannot be read. */
  private String headers(QueueEntry entry) {
    int most = DeliveryStatusNotification.ORIGINAL_HEADERS_OCTETS_MAX;
    try (InputStream in = store.messages().body(entry.body()).open(0, most)) {
      String start = new String(in.readNBytes(most), StandardCharsets.ISO_8859_1);
      int end = start.indexOf("\r\n\r\n");
      int lastLine = start.lastIndexOf("\r\n");
      if (end < 0 && lastLine < 0) {
        return "";
      }
      return start.substring(0, (end >= 0 ? end : lastLine) + 2);
    } catch (IOException | StoreException unreadable) {
      log.error(
          "relay.body-unreadable body={} cause=\"{}\"",
          entry.body().value(),
          unreadable.getMessage());
      return "";
    }
  }

  private void write(Decision decision) {
    try {
      commit(decision);
    } catch (StoreException failure) {
      log.error(
          "relay.settlement-unwritten entries={} kind={} cause=\"{}\"",
          decision.settlements().size(),
          failure.kind(),
          failure.getMessage());
      unwritten.add(decision);
      return;
    }
    onSettled.accept(decision.lane(), decision.settlements().size());
  }

  private void commit(Decision decision) throws StoreException {
    try {
      commitAll(decision.settlements(), decision.notice());
    } catch (StoreException failure) {
      if (failure.kind() != StoreException.Kind.NOT_FOUND) {
        throw failure;
      }
      // The operator removed one of the entries while it was on its way.
      commitAll(present(decision.settlements()), decision.notice());
    }
  }

  private List<Settlement> present(List<Settlement> settlements) throws StoreException {
    List<Settlement> present = new ArrayList<>();
    for (Settlement each : settlements) {
      if (store.queue().find(each.entry()).isPresent()) {
        present.add(each);
      } else {
        List<QueueId> gone = List.of(each.entry());
        store.queue().release(gone);
      }
    }
    return present;
  }

  private void commitAll(List<Settlement> settlements, Optional<Notice> notice)
      throws StoreException {
    if (notice.isPresent() && isDeliverable(notice.get())) {
      intake.accept(notice.get().envelope(), notice.get().message(), settlements);
    } else if (!settlements.isEmpty()) {
      store.commit(new Commit(List.of(), settlements));
    }
  }

  /** A sender that is not there any more is not told; the log has it. */
  private boolean isDeliverable(Notice notice) throws StoreException {
    MailAddress sender = notice.envelope().recipients().getFirst();
    return switch (intake.check(sender, true, OptionalLong.empty())) {
      case Intake.Recipient.Local(), Intake.Recipient.Full(), Intake.Recipient.Remote() -> true;
      case Intake.Recipient.Unknown(), Intake.Recipient.RelayDenied() -> {
        log.warn(
            "relay.notice-dropped trace={} to={} reason=no-such-sender",
            notice.envelope().traceId(),
            sender);
        yield false;
      }
    };
  }

  /** A message to a sender. */
  private record Notice(Envelope envelope, MessageSource message) {}

  /** What is to be written in one commit. */
  private record Decision(Lane lane, List<Settlement> settlements, Optional<Notice> notice) {}
}
