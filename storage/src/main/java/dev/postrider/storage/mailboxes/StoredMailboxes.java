package dev.postrider.storage.mailboxes;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.changes.Commits;
import dev.postrider.storage.changes.Commits.Planned;
import dev.postrider.storage.changes.Numbers;
import dev.postrider.storage.changes.Remembered;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.Messages;
import dev.postrider.storage.messages.StoredMessages;
import dev.postrider.storage.messages.WarmIndexes;
import dev.postrider.storage.sql.AccountRows;
import dev.postrider.storage.sql.AnnotationRows;
import dev.postrider.storage.sql.MailboxRows;
import dev.postrider.storage.sql.SharingRows;
import dev.postrider.storage.sql.StructureRows;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * Mailboxes in the tables.
 *
 * <p>Accounts, mailboxes and subscriptions change one at a time: whoever changes them lets the
 * structure stand from reading them until the change is visible, so names stay unique.
 */
public final class StoredMailboxes implements Mailboxes {

  private static final int REMEMBERED_MAX = 20_000;

  private final Commits commits;
  private final MailboxRows rows;
  private final AccountRows accounts;
  private final SharingRows sharing;
  private final AnnotationRows annotations;
  private final StoredMessages messages;
  private final WarmIndexes indexes;
  private final InstantSource clock;
  private final Remembered<Place, Mailbox> byName = new Remembered<>(REMEMBERED_MAX);

  private record Place(AccountId account, String name) {}

  public StoredMailboxes(
      Commits commits,
      StructureRows structure,
      StoredMessages messages,
      WarmIndexes indexes,
      InstantSource clock) {
    this.commits = commits;
    this.rows = structure.mailboxes();
    this.accounts = structure.accounts();
    this.sharing = structure.sharing();
    this.annotations = structure.annotations();
    this.messages = messages;
    this.indexes = indexes;
    this.clock = clock;
  }

  @Override
  public List<Mailbox> list(AccountId account) throws StoreException {
    return rows.list(account).stream().sorted(MailboxNames.ORDER).toList();
  }

  @Override
  public Optional<Mailbox> find(AccountId account, String name) throws StoreException {
    String canonical = MailboxNames.canonical(name);
    return byName.get(new Place(account, canonical), () -> rows.find(account, canonical));
  }

  /** Another server may change the tables; while nobody hears of it, nothing is remembered. */
  public void hear(boolean hearing) {
    if (hearing) {
      byName.resume();
    } else {
      byName.pause();
    }
  }

  /** On the applier, after the tables have {@code changes}. */
  public void apply(List<Change> changes) {
    for (Change change : changes) {
      if (change instanceof Change.MailboxCreated
          || change instanceof Change.MailboxRenamed
          || change instanceof Change.MailboxDeleted
          || change instanceof Change.Subscribed
          || change instanceof Change.Unsubscribed
          || change instanceof Change.AccountRemoved) {
        byName.forget();
        return;
      }
    }
  }

  @Override
  public Optional<Mailbox> find(MailboxId mailbox) throws StoreException {
    return rows.find(mailbox);
  }

  @Override
  public Mailbox create(AccountId account, String name, @Nullable SpecialUse specialUse)
      throws StoreException {
    String wanted = MailboxNames.require(name);
    return commits.whileStructureStands(
        () -> {
          Names names = new Names(account);
          names.requireFree(wanted);
          names.inherit(wanted);
          MailboxId made =
              commits.commit(
                  (numbers, bodies) -> {
                    List<Change> changes = new ArrayList<>();
                    names.createSuperior(wanted, numbers, changes);
                    Change.MailboxCreated created =
                        names.create(wanted, Optional.ofNullable(specialUse), numbers, changes);
                    return new Planned<>(changes, created.mailbox());
                  });
          return rows.find(made)
              .orElseThrow(() -> new StoreException(Kind.NOT_FOUND, "mailbox is gone: " + wanted));
        });
  }

  @Override
  public void rename(MailboxId mailbox, String newName) throws StoreException {
    String wanted = MailboxNames.require(newName);
    commits.whileStructureStands(
        () -> {
          Mailbox present = require(mailbox);
          Names names = new Names(present.account());
          names.requireFree(wanted);
          names.inherit(wanted);
          return present.name().equals(INBOX)
              ? emptyInboxInto(present, wanted, names)
              : rename(present, wanted, names);
        });
  }

  private int rename(Mailbox present, String wanted, Names names) throws StoreException {
    if (MailboxNames.isBelow(wanted, present.name())) {
      throw new StoreException(Kind.REFUSED, "a mailbox cannot go below itself");
    }
    List<Change> renames = new ArrayList<>();
    for (Mailbox other : names.byName.values()) {
      if (other.id().equals(present.id()) || MailboxNames.isBelow(other.name(), present.name())) {
        String name = wanted + other.name().substring(present.name().length());
        MailboxNames.require(name);
        if (!other.id().equals(present.id())) {
          names.requireFree(name);
        }
        renames.add(new Change.MailboxRenamed(other.id(), other.account(), name));
      }
    }
    return commits.commit(
        (numbers, bodies) -> {
          List<Change> changes = new ArrayList<>();
          names.createSuperior(wanted, numbers, changes);
          changes.addAll(renames);
          return new Planned<>(changes, renames.size());
        });
  }

  /** RFC 3501 section 6.3.5: INBOX stays, empty; its messages go; what is below it stays. */
  private int emptyInboxInto(Mailbox inbox, String wanted, Names names) throws StoreException {
    List<Change.Annotated> noted = annotations.ofMailbox(inbox.id());
    return messages.locked(
        inbox.id(),
        (List<Message> present) ->
            (numbers, bodies) -> {
              List<Change> changes = new ArrayList<>();
              names.createSuperior(wanted, numbers, changes);
              Change.MailboxCreated created =
                  names.create(wanted, Optional.empty(), numbers, changes);
              for (Change.Annotated one : noted) {
                changes.add(
                    new Change.Annotated(
                        one.account(), Optional.of(created.mailbox()), one.entry(), one.value()));
              }
              Messages.Copied moved =
                  StoredMessages.file(
                      present,
                      created.mailbox(),
                      new Numbers.Counters(created.uidValidity(), 1, 1),
                      now(),
                      changes);
              if (!present.isEmpty()) {
                changes.add(
                    new Change.Expunged(
                        inbox.id(),
                        numbers.mailbox(inbox.id()).nextModSeq(),
                        StoredMessages.uidsOf(present),
                        now(),
                        false));
              }
              return new Planned<>(changes, moved.to().size());
            });
  }

  @Override
  public void delete(MailboxId mailbox) throws StoreException {
    commits.whileStructureStands(
        () -> {
          Mailbox present = require(mailbox);
          if (present.name().equals(INBOX)) {
            throw new StoreException(Kind.REFUSED, "INBOX cannot be deleted");
          }
          return commits.commit(
              (numbers, bodies) ->
                  new Planned<>(
                      List.of(new Change.MailboxDeleted(mailbox, present.account(), now(), true)),
                      mailbox));
        });
  }

  @Override
  public SortedSet<String> subscriptions(AccountId account) throws StoreException {
    return rows.subscriptions(account);
  }

  @Override
  public void subscribe(AccountId account, String name) throws StoreException {
    String wanted = MailboxNames.require(name);
    commits.whileStructureStands(
        () -> {
          SortedSet<String> present = rows.subscriptions(account);
          if (present.contains(wanted)) {
            return wanted;
          }
          if (present.size() >= PER_ACCOUNT_MAX) {
            throw new StoreException(
                Kind.REFUSED, "more than " + PER_ACCOUNT_MAX + " subscriptions");
          }
          requireAccount(account);
          return commit(new Change.Subscribed(account, wanted), wanted);
        });
  }

  @Override
  public void unsubscribe(AccountId account, String name) throws StoreException {
    String wanted = MailboxNames.canonical(name);
    commits.whileStructureStands(
        () ->
            rows.subscriptions(account).contains(wanted)
                ? commit(new Change.Unsubscribed(account, wanted), wanted)
                : wanted);
  }

  @Override
  public MailboxStatus status(MailboxId mailbox) throws StoreException {
    Optional<MailboxStatus> warm = indexes.status(mailbox);
    return warm.isPresent() ? warm.get() : rows.status(mailbox).orElseThrow(() -> gone(mailbox));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private <T> T commit(Change change, T result) throws StoreException {
    return commits.commit((numbers, bodies) -> new Planned<>(List.of(change), result));
  }

  private Mailbox require(MailboxId mailbox) throws StoreException {
    return rows.find(mailbox).orElseThrow(() -> gone(mailbox));
  }

  private long requireAccount(AccountId account) throws StoreException {
    return accounts
        .lastUidValidity(account)
        .orElseThrow(
            () ->
                new StoreException(
                    Kind.NOT_FOUND, "account " + account.value() + " does not exist"));
  }

  private static StoreException gone(MailboxId mailbox) {
    return new StoreException(
        Kind.NOT_FOUND, "mailbox " + mailbox.value() + " does not exist (any more)");
  }

  /** The names of one account, while the structure stands. */
  private final class Names {
    private final AccountId account;
    private final Map<String, Mailbox> byName = new HashMap<>();
    private long uidValidity;
    private List<Sharing.Entry> inherited = List.of();

    Names(AccountId account) throws StoreException {
      this.account = account;
      this.uidValidity = requireAccount(account);
      for (Mailbox mailbox : rows.list(account)) {
        byName.put(mailbox.name(), mailbox);
      }
    }

    void requireFree(String name) throws StoreException {
      if (byName.containsKey(name)) {
        throw new StoreException(Kind.EXISTS, "mailbox exists: " + name);
      }
      long missing =
          MailboxNames.superior(name).stream().filter(above -> !byName.containsKey(above)).count();
      if (byName.size() + missing + 1 > PER_ACCOUNT_MAX) {
        throw new StoreException(Kind.REFUSED, "more than " + PER_ACCOUNT_MAX + " mailboxes");
      }
    }

    /**
     * What is made for {@code name} is shared as the nearest mailbox above it. RFC 4314 section 4.
     */
    void inherit(String name) throws StoreException {
      for (String above : MailboxNames.superior(name)) {
        Mailbox superior = byName.get(above);
        if (superior != null) {
          inherited = sharing.entries(superior.id());
        }
      }
    }

    void createSuperior(String name, Numbers numbers, List<Change> changes) throws StoreException {
      for (String above : MailboxNames.superior(name)) {
        if (!byName.containsKey(above)) {
          create(above, Optional.empty(), numbers, changes);
        }
      }
    }

    /**
     * The UIDVALIDITY is higher than any the account gave before, so a name that comes back never
     * has an old one. RFC 3501 section 2.3.1.1.
     */
    Change.MailboxCreated create(
        String name, Optional<SpecialUse> use, Numbers numbers, List<Change> changes)
        throws StoreException {
      uidValidity = nextUidValidity(uidValidity, clock);
      Change.MailboxCreated created =
          new Change.MailboxCreated(numbers.nextMailbox(), account, name, uidValidity, use);
      changes.add(created);
      for (Sharing.Entry entry : inherited) {
        changes.add(
            new Change.AccessChanged(created.mailbox(), account, entry.grantee(), entry.rights()));
      }
      return created;
    }
  }

  /** Seconds of the clock, or one more than {@code last} when that is higher. */
  public static long nextUidValidity(long last, InstantSource clock) {
    return Math.max(last + 1, clock.instant().getEpochSecond());
  }
}
