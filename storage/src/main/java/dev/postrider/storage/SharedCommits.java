package dev.postrider.storage;

import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.changes.BodyLocation;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.changes.Commits;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.sql.Orphans;
import dev.postrider.storage.sql.PostgresDatabase;
import dev.postrider.storage.sql.PostgresDatabase.Hold;
import dev.postrider.storage.sql.QueueLeases;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Commits through a database that several servers share. A commit, or the work that it belongs to,
 * is one transaction; its changes are made visible in this server when it is committed, and told to
 * the others.
 *
 * <p>Rows are locked in one order, so that transactions seldom meet: the structure, then mailboxes
 * by number.
 */
final class SharedCommits implements Commits {

  private final PostgresDatabase database;
  private final SharedBodies bodies;
  private final Orphans orphans;
  private final QueueLeases leases;
  private final Consumer<List<Change>> visible;
  private final Map<Long, CompletableFuture<?>> submitted = new ConcurrentHashMap<>();
  private final AtomicLong submissions = new AtomicLong();

  private record Done<T>(T result, List<Change> changes) {}

  /** {@code visible} takes what was committed; it may not fail any more. */
  SharedCommits(
      PostgresDatabase database,
      SharedBodies bodies,
      QueueLeases leases,
      Consumer<List<Change>> visible) {
    this.database = database;
    this.bodies = bodies;
    this.orphans = new Orphans(database);
    this.leases = leases;
    this.visible = visible;
  }

  @Override
  public <T> T commit(List<? extends MessageSource> sources, Plan<T> plan) throws StoreException {
    try (SharedBodies.Batch batch = bodies.begin(sources)) {
      T result = transaction(() -> write(batch, plan));
      batch.keep();
      return result;
    }
  }

  private <T> T write(SharedBodies.Batch batch, Plan<T> plan) throws StoreException {
    List<Change> changes = new ArrayList<>();
    List<BodyId> ids = batch.ids();
    List<BodyLocation> locations = batch.write();
    for (int i = 0; i < ids.size(); i++) {
      changes.add(new Change.BodyStored(ids.get(i), locations.get(i)));
    }
    Planned<T> planned = plan.plan(database.numbers(), ids);
    changes.addAll(planned.changes());
    holdBodies(planned.changes(), ids);
    if (planned.heldToQuota()) {
      database.numbers().requireQuota(planned.changes());
    }
    if (!changes.isEmpty()) {
      database.write(changes);
      leases.settle(changes);
    }
    return planned.result();
  }

  /**
   * What is filed again, or described late, must not be removed meanwhile, as nobody else may need
   * it any more.
   */
  private void holdBodies(List<Change> changes, List<BodyId> written) throws StoreException {
    Set<BodyId> filed = new HashSet<>();
    for (Change change : changes) {
      if (change instanceof Change.MessageFiled message) {
        filed.add(message.body());
      } else if (change instanceof Change.Described described) {
        filed.add(described.body());
      }
    }
    written.forEach(filed::remove);
    if (!filed.isEmpty() && !orphans.hold(filed).equals(filed)) {
      throw new StoreException(Kind.NOT_FOUND, "message bytes do not exist any more");
    }
  }

  @Override
  public <T> CompletableFuture<T> submit(Plan<T> plan) {
    CompletableFuture<T> done = new CompletableFuture<>();
    long number = submissions.incrementAndGet();
    submitted.put(number, done);
    Thread.ofVirtual()
        .name("store-submit")
        .start(
            () -> {
              try {
                done.complete(commit(plan));
              } catch (StoreException | RuntimeException e) {
                done.completeExceptionally(e);
              } finally {
                submitted.remove(number);
              }
            });
    return done;
  }

  /** Returns when everything that was submitted is committed, or has failed. */
  void awaitSubmitted() {
    for (CompletableFuture<?> one : submitted.values()) {
      // Whoever submitted it hears of a failure.
      var _ = one.handle((done, failure) -> true).join();
    }
  }

  @Override
  public <T> T whileStructureStands(Work<T> work) throws StoreException {
    return transaction(
        () -> {
          database.hold(Hold.STRUCTURE);
          return work.run();
        });
  }

  @Override
  public <T> T whileMessagesStand(MailboxId mailbox, List<MailboxId> others, Work<T> work)
      throws StoreException {
    List<MailboxId> ordered =
        Stream.concat(Stream.of(mailbox), others.stream())
            .distinct()
            .sorted(Comparator.comparingLong(MailboxId::value))
            .toList();
    return transaction(
        () -> {
          for (MailboxId id : ordered) {
            var _ = database.numbers().mailbox(id);
          }
          return work.run();
        });
  }

  private <T> T transaction(Work<T> work) throws StoreException {
    if (database.inTransaction()) {
      return work.run();
    }
    Done<T> done =
        database.transaction(
            () -> {
              T result = work.run();
              return new Done<>(result, database.written());
            });
    if (!done.changes().isEmpty()) {
      visible.accept(done.changes());
    }
    return done.result();
  }
}
