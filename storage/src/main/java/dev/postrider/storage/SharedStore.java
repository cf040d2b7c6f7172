package dev.postrider.storage;

import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.accounts.Accounts;
import dev.postrider.storage.accounts.StoredAccounts;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.changes.ChangeFeed;
import dev.postrider.storage.changes.Signals;
import dev.postrider.storage.log.DiskTrouble;
import dev.postrider.storage.mailboxes.Annotations;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.mailboxes.Mailboxes;
import dev.postrider.storage.mailboxes.Recoverable;
import dev.postrider.storage.mailboxes.Sharing;
import dev.postrider.storage.mailboxes.StoredAnnotations;
import dev.postrider.storage.mailboxes.StoredMailboxes;
import dev.postrider.storage.mailboxes.StoredRecoverable;
import dev.postrider.storage.mailboxes.StoredSharing;
import dev.postrider.storage.messages.Bodies;
import dev.postrider.storage.messages.DiskSpool;
import dev.postrider.storage.messages.Messages;
import dev.postrider.storage.messages.Spool;
import dev.postrider.storage.messages.StoredMessages;
import dev.postrider.storage.messages.WarmIndexes;
import dev.postrider.storage.objects.ObjectStore;
import dev.postrider.storage.queue.Queue;
import dev.postrider.storage.queue.SharedQueue;
import dev.postrider.storage.sql.DescriptionRows;
import dev.postrider.storage.sql.ExpungedRows;
import dev.postrider.storage.sql.MessageRows;
import dev.postrider.storage.sql.PostgresDatabase;
import dev.postrider.storage.sql.QueueLeases;
import dev.postrider.storage.sql.QueueRows;
import dev.postrider.storage.sql.StructureRows;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store in a PostgreSQL database, which any number of servers share.
 *
 * <p>The database is the truth: a change is one transaction, durable when it is committed. What a
 * server has in memory follows: its own changes at once, those of others when it hears of them, and
 * in any case when a mailbox is opened or its messages are changed. Between two servers there may
 * be a moment; within one, what was acknowledged is visible.
 *
 * <p>When the database does not answer, callers are told UNAVAILABLE, and everything goes on when
 * it answers again.
 */
public final class SharedStore implements Store {

  private static final Logger log = LoggerFactory.getLogger(SharedStore.class);

  /** How often to look for what a server that died did not tell any more. */
  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(30);

  private final FileChannel lock;
  private final PostgresDatabase database;
  private final Optional<ObjectStore> objects;
  private final Signals signals = new Signals();
  private final WarmIndexes indexes;
  private final StoredAccounts accounts;
  private final StoredMailboxes mailboxes;
  private final StoredSharing sharing;
  private final StoredAnnotations annotations;
  private final StoredMessages messages;
  private final StoredRecoverable recoverable;
  private final SharedQueue queue;
  private final SharedCommits commits;
  private final InstantSource clock;
  private final SharedFeed feed;
  private final SharedMaintenance maintenance;
  private final DiskSpool spool;
  private final List<Upkeep> upkeeps;
  private boolean closed;

  /**
   * Connects to the database, and makes the tables where there are none.
   *
   * @throws StoreException UNAVAILABLE when the database does not answer; UNUSABLE when it does not
   *     let us in, its tables are of a newer version, or the directory cannot be used
   */
  public static SharedStore open(SharedSettings settings, InstantSource clock)
      throws StoreException {
    FileChannel lock = DataDirectory.occupy(settings.directory());
    try {
      if (DataDirectory.hasStore(settings.directory())) {
        log.warn("store.other-mail directory={} see=postriderd-migrate", settings.directory());
      }
      DiskSpool spool = openSpool(settings);
      PostgresDatabase database =
          PostgresDatabase.open(
              settings.database(),
              Math.max(SharedSettings.CONNECTIONS_MIN, settings.connections()));
      return new SharedStore(lock, database, spool, settings, clock);
    } catch (StoreException | RuntimeException e) {
      release(lock);
      throw e;
    }
  }

  private SharedStore(
      FileChannel lock,
      PostgresDatabase database,
      DiskSpool spool,
      SharedSettings settings,
      InstantSource clock) {
    this.lock = lock;
    this.clock = clock;
    this.database = database;
    this.objects = settings.objects();
    this.spool = spool;
    String server = UUID.randomUUID().toString();
    SharedBodies bodies = new SharedBodies(database, objects);
    QueueLeases leases = new QueueLeases(database, server);
    StructureRows rows = StructureRows.of(database);
    MessageRows messageRows = new MessageRows(database);
    this.commits = new SharedCommits(database, bodies, leases, this::makeVisible);
    this.indexes = new WarmIndexes(messageRows, commits, false, WarmIndexes.shareOfMemory(), null);
    this.messages =
        new StoredMessages(
            commits,
            indexes,
            messageRows,
            new Bodies(bodies),
            new DescriptionRows(database),
            clock);
    this.mailboxes = new StoredMailboxes(commits, rows, messages, indexes, clock);
    this.sharing = new StoredSharing(commits, rows);
    this.annotations = new StoredAnnotations(commits, rows);
    this.accounts = new StoredAccounts(commits, rows.accounts(), rows.mailboxes(), clock);
    this.queue = new SharedQueue(commits, new QueueRows(database), leases);
    this.recoverable = new StoredRecoverable(commits, new ExpungedRows(database), mailboxes, clock);
    this.maintenance = new SharedMaintenance(database, bodies, recoverable, settings, clock);
    this.feed = new SharedFeed(database, server, new Others());
    this.upkeeps =
        List.of(
            new Upkeep(QueueLeases.LEASE.dividedBy(3), List.of(queue::renew)),
            new Upkeep(LOOK_INTERVAL, List.of(this::look)),
            new Upkeep(
                settings.upkeepInterval(),
                List.of(maintenance::forget, maintenance::collectIfDue, messages::describeSome)));
    new Others().deaf();
    feed.start();
    upkeeps.forEach(Upkeep::start);
  }

  private static DiskSpool openSpool(SharedSettings settings) throws StoreException {
    try {
      return new DiskSpool(settings.directory().resolve("spool"), file -> file);
    } catch (IOException e) {
      throw new StoreException(
          Kind.UNUSABLE, "cannot empty the spool: " + DiskTrouble.describe(e), e);
    }
  }

  /** After a transaction of this server; it is committed, so nothing may fail here. */
  private void makeVisible(List<Change> changes) {
    accounts.apply(changes);
    mailboxes.apply(changes);
    indexes.applyNext(changes);
    queue.apply(changes);
    signals.announce(changes);
    feed.tell(changes);
  }

  /** What other servers do. */
  private final class Others implements SharedFeed.Listener {

    @Override
    public void mailboxMoved(MailboxId mailbox) {
      indexes.catchUp(mailbox);
      signals.mailboxMoved(mailbox);
    }

    @Override
    public void accountMoved(AccountId account) {
      forget();
      signals.accountMoved(account);
    }

    @Override
    public void queueMoved() {
      signals.queueMoved();
    }

    @Override
    public void deaf() {
      accounts.hear(false);
      mailboxes.hear(false);
    }

    @Override
    public void hearing() {
      forget();
      anythingMoved();
    }

    @Override
    public void anythingMoved() {
      forget();
      try {
        look();
      } catch (StoreException e) {
        log.warn("store.not-looked cause=\"{}\"", e.getMessage());
      }
      signals.anythingMoved();
    }

    private void forget() {
      accounts.hear(true);
      mailboxes.hear(true);
    }
  }

  /** Finds what nobody told of. */
  private void look() throws StoreException {
    indexes.catchUpAll().forEach(signals::mailboxMoved);
    signals.queueMoved();
  }

  @Override
  public Accounts accounts() {
    return accounts;
  }

  @Override
  public Mailboxes mailboxes() {
    return mailboxes;
  }

  @Override
  public Sharing sharing() {
    return sharing;
  }

  @Override
  public Annotations annotations() {
    return annotations;
  }

  @Override
  public Messages messages() {
    return messages;
  }

  @Override
  public Recoverable recoverable() {
    return recoverable;
  }

  @Override
  public Queue queue() {
    return queue;
  }

  @Override
  public ChangeFeed changes() {
    return signals;
  }

  @Override
  public Spool spool() {
    return spool;
  }

  @Override
  public Maintenance maintenance() {
    return maintenance;
  }

  @Override
  public Committed commit(Commit commit) throws StoreException {
    CommitPlan plan = new CommitPlan(commit, queue::settle, clock);
    return commits.commit(
        plan.sources(),
        (numbers, bodies) -> {
          for (MailboxId mailbox : plan.mailboxes()) {
            var _ = numbers.mailbox(mailbox);
          }
          if (commit.removal().isPresent()) {
            // Nobody else can remove it now, as the row of its mailbox is locked.
            messages.requirePresent(commit.removal().get());
          }
          return plan.plan(numbers, bodies);
        });
  }

  @Override
  public void requireWritable() throws StoreException {
    database.requireWritable();
  }

  @Override
  public void close() throws StoreException {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    maintenance.close();
    upkeeps.forEach(Upkeep::close);
    commits.awaitSubmitted();
    queue.releaseAll();
    feed.close();
    database.close();
    objects.ifPresent(ObjectStore::close);
    release(lock);
  }

  private static void release(FileChannel lock) throws StoreException {
    try (lock) {
      lock.truncate(0);
    } catch (IOException e) {
      throw new StoreException(Kind.FATAL, "cannot give up the lock: " + e.getMessage(), e);
    }
  }
}
