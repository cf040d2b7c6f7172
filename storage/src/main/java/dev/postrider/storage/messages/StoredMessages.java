package dev.postrider.storage.messages;

import dev.postrider.storage.Commit;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.changes.Commits;
import dev.postrider.storage.changes.Commits.Plan;
import dev.postrider.storage.changes.Commits.Planned;
import dev.postrider.storage.changes.Numbers;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.sql.DescriptionRows;
import dev.postrider.storage.sql.MessageRows;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Messages in the tables and in warm indexes.
 *
 * <p>Whoever changes or removes messages of a mailbox lets them stand from reading them until the
 * change is visible. So what was read is still so when the change is carried out. New messages
 * arrive without it: they change nothing that is there.
 */
public final class StoredMessages implements Messages {

  private final Commits commits;
  private final WarmIndexes indexes;
  private final Bodies bodies;
  private final Descriptions descriptions;
  private final InstantSource clock;
  private final Locations locations;
  private final MessageRows rows;

  public StoredMessages(
      Commits commits,
      WarmIndexes indexes,
      MessageRows rows,
      Bodies bodies,
      DescriptionRows descriptions,
      InstantSource clock) {
    this.commits = commits;
    this.descriptions = new Descriptions(commits, descriptions);
    this.indexes = indexes;
    this.rows = rows;
    this.locations = new Locations(rows);
    this.bodies = bodies;
    this.clock = clock;
  }

  @Override
  public MailboxIndex open(MailboxId mailbox) throws StoreException {
    return indexes.open(mailbox);
  }

  @Override
  public MessageBody body(BodyId body) throws StoreException {
    return bodies.at(body, () -> locations.of(body), descriptions, new ReadAhead());
  }

  @Override
  public Map<Uid, Optional<Instant>> saved(MailboxId mailbox, Uid first, Uid last)
      throws StoreException {
    return rows.saved(mailbox, first, last);
  }

  @Override
  public BodySequence bodies() {
    ReadAhead ahead = new ReadAhead();
    return body -> bodies.at(body, () -> locations.of(body), descriptions, ahead);
  }

  /**
   * Describes some of the messages that are not described yet, or by another version.
   *
   * @return how many; 0 when no more are looked for
   */
  public int describeSome() throws StoreException {
    return descriptions.describeSome(this::body);
  }

  /** Describes all messages anew; returns how many were not, or not rightly. */
  public int describeAll() throws StoreException {
    return descriptions.describeAll(this::body);
  }

  /**
   * On the applier, after the tables have {@code changes}: bodies that were moved are elsewhere.
   */
  public void apply(List<Change> changes) {
    if (changes.stream().anyMatch(Change.BodyMoved.class::isInstance)) {
      locations.forget();
      bodies.apply(changes);
    }
  }

  @Override
  public FlagsChanged changeFlags(
      MailboxId mailbox, UidSet uids, FlagChange change, @Nullable ModSeq unchangedSince)
      throws StoreException {
    requireStorable(change.flags());
    return locked(
        mailbox,
        List.of(),
        uids,
        present -> (numbers, none) -> planFlags(numbers, mailbox, present, change, unchangedSince));
  }

  private static Planned<FlagsChanged> planFlags(
      Numbers numbers,
      MailboxId mailbox,
      List<Message> present,
      FlagChange change,
      @Nullable ModSeq unchangedSince)
      throws StoreException {
    Numbers.Counters counters = numbers.mailbox(mailbox);
    Map<Flags, LongStream.Builder> groups = new LinkedHashMap<>();
    LongStream.Builder refused = LongStream.builder();
    List<Message> accepted = new ArrayList<>();
    // The messages of a mailbox share their flags, so each kind is looked at once.
    IdentityHashMap<Flags, Outcome> outcomes = new IdentityHashMap<>();
    for (Message message : present) {
      if (unchangedSince != null && isTooNew(message, change, unchangedSince)) {
        refused.add(message.uid().value());
        continue;
      }
      Outcome outcome = outcomes.get(message.flags());
      if (outcome == null) {
        outcome = outcome(change, message.flags(), groups);
        outcomes.put(message.flags(), outcome);
      }
      if (outcome.changed() != null) {
        outcome.changed().add(message.uid().value());
      }
      accepted.add(message);
    }
    UidSet tooNew = UidSet.of(refused.build().toArray());
    if (groups.isEmpty()) {
      return new Planned<>(List.of(), new FlagsChanged(List.copyOf(accepted), tooNew));
    }
    ModSeq modSeq = counters.nextModSeq();
    List<Change.FlagGroup> changed = new ArrayList<>();
    groups.forEach(
        (flags, members) ->
            changed.add(new Change.FlagGroup(flags, UidSet.of(members.build().toArray()))));
    accepted.replaceAll(message -> after(message, outcomes.get(message.flags()), modSeq));
    return new Planned<>(
        List.of(new Change.FlagsChanged(mailbox, modSeq, changed)),
        new FlagsChanged(List.copyOf(accepted), tooNew));
  }

  /**
   * What is not there has not changed. A system flag is always there, set or not. RFC 7162 section
   * 3.1.3.
   */
  private static boolean isTooNew(Message message, FlagChange change, ModSeq unchangedSince) {
    return message.modSeq().compareTo(unchangedSince) > 0
        && (unchangedSince.value() > 0 || !isOfMissingKeywords(change, message.flags()));
  }

  private static boolean isOfMissingKeywords(FlagChange change, Flags present) {
    return switch (change) {
      case FlagChange.Replace all -> false;
      case FlagChange.ReplaceSome some -> false;
      case FlagChange.Add add -> isMissing(add.flags(), present);
      case FlagChange.Remove remove -> isMissing(remove.flags(), present);
    };
  }

  private static boolean isMissing(Flags wanted, Flags present) {
    return wanted.system() == 0 && wanted.keywords().stream().noneMatch(present::has);
  }

  /** What becomes of a message: its flags, and where its UID is gathered if they are others. */
  private record Outcome(Flags after, LongStream.@Nullable Builder changed) {}

  private static Outcome outcome(
      FlagChange change, Flags before, Map<Flags, LongStream.Builder> groups)
      throws StoreException {
    Flags after = change.applyTo(before);
    if (after.keywords().size() > Flags.KEYWORDS_MAX) {
      throw new StoreException(
          Kind.REFUSED, "more than " + Flags.KEYWORDS_MAX + " keywords in one message");
    }
    return after.equals(before)
        ? new Outcome(before, null)
        : new Outcome(after, groups.computeIfAbsent(after, flags -> LongStream.builder()));
  }

  private static Message after(Message message, @Nullable Outcome outcome, ModSeq modSeq) {
    return outcome == null || outcome.changed() == null
        ? message
        : new Message(
            message.uid(),
            modSeq,
            outcome.after(),
            message.octets(),
            message.internalDate(),
            message.body());
  }

  @Override
  public UidSet expunge(MailboxId mailbox, UidSet uids) throws StoreException {
    return locked(
        mailbox,
        List.of(),
        uids,
        present ->
            (numbers, none) -> {
              Numbers.Counters counters = numbers.mailbox(mailbox);
              UidSet gone =
                  UidSet.of(
                      present.stream()
                          .filter(message -> message.flags().has(SystemFlag.DELETED))
                          .mapToLong(message -> message.uid().value())
                          .toArray());
              return gone.isEmpty()
                  ? new Planned<>(List.of(), gone)
                  : new Planned<>(
                      List.of(
                          new Change.Expunged(mailbox, counters.nextModSeq(), gone, now(), true)),
                      gone);
            });
  }

  @Override
  public Copied copy(MailboxId from, UidSet uids, MailboxId to, UnaryOperator<Flags> flags)
      throws StoreException {
    List<Message> present;
    try (WarmIndexes.Handle index = indexes.open(from)) {
      present = with(flags, index.find(uids));
    }
    return commits.commit(
        (numbers, none) -> {
          List<Change> changes = new ArrayList<>();
          Copied copied = file(present, to, numbers.mailbox(to), now(), changes);
          return new Planned<>(changes, copied);
        });
  }

  @Override
  public Copied move(MailboxId from, UidSet uids, MailboxId to, UnaryOperator<Flags> flags)
      throws StoreException {
    return locked(
        from,
        List.of(to),
        uids,
        present ->
            (numbers, none) -> {
              List<Change> changes = new ArrayList<>();
              Numbers.Counters source = numbers.mailbox(from);
              Copied copied = file(with(flags, present), to, numbers.mailbox(to), now(), changes);
              if (!present.isEmpty()) {
                changes.add(
                    new Change.Expunged(from, source.nextModSeq(), uidsOf(present), now(), false));
              }
              return new Planned<>(changes, copied);
            });
  }

  private static List<Message> with(UnaryOperator<Flags> flags, List<Message> messages) {
    return messages.stream()
        .map(
            message ->
                new Message(
                    message.uid(),
                    message.modSeq(),
                    flags.apply(message.flags()),
                    message.octets(),
                    message.internalDate(),
                    message.body()))
        .toList();
  }

  /**
   * Lets {@code plan} do something with the messages of {@code uids} that exist, while nobody else
   * changes or removes messages of the mailbox.
   */
  private <T> T locked(
      MailboxId mailbox, List<MailboxId> others, UidSet uids, Function<List<Message>, Plan<T>> plan)
      throws StoreException {
    return commits.whileMessagesStand(
        mailbox,
        others,
        () -> {
          try (WarmIndexes.Handle index = indexes.open(mailbox)) {
            return commits.commit(plan.apply(index.find(uids)));
          }
        });
  }

  /** The same, with all messages of the mailbox. */
  public <T> T locked(MailboxId mailbox, Function<List<Message>, Plan<T>> plan)
      throws StoreException {
    return commits.whileMessagesStand(
        mailbox,
        List.of(),
        () -> {
          try (WarmIndexes.Handle index = indexes.open(mailbox)) {
            return commits.commit(plan.apply(index.snapshot().messages()));
          }
        });
  }

  /** Throws NOT_FOUND when the message is not in the mailbox. The caller lets messages stand. */
  public void requirePresent(Commit.Removal removal) throws StoreException {
    try (WarmIndexes.Handle index = indexes.open(removal.mailbox())) {
      if (index.find(UidSet.of(removal.uid().value())).isEmpty()) {
        throw new StoreException(
            Kind.NOT_FOUND,
            "message "
                + removal.uid().value()
                + " is not in mailbox "
                + removal.mailbox().value()
                + " any more");
      }
    }
  }

  /** Adds to {@code changes} that {@code messages} are also in {@code to}, from {@code now} on. */
  public static Copied file(
      List<Message> messages,
      MailboxId to,
      Numbers.Counters counters,
      Instant now,
      List<Change> changes)
      throws StoreException {
    Instant saved = now.truncatedTo(ChronoUnit.SECONDS);
    List<Uid> source = new ArrayList<>();
    List<Uid> target = new ArrayList<>();
    for (Message message : messages) {
      Uid uid = counters.nextUid();
      changes.add(
          new Change.MessageFiled(
              to,
              uid,
              counters.nextModSeq(),
              message.body(),
              message.octets(),
              message.flags(),
              message.internalDate(),
              saved));
      source.add(message.uid());
      target.add(uid);
    }
    return new Copied(counters.uidValidity(), List.copyOf(source), List.copyOf(target));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  public static UidSet uidsOf(List<Message> messages) {
    return UidSet.of(messages.stream().mapToLong(message -> message.uid().value()).toArray());
  }

  /** Throws REFUSED for keywords that are too many, too long, or no atoms of printable ASCII. */
  public static void requireStorable(Flags flags) throws StoreException {
    if (flags.keywords().size() > Flags.KEYWORDS_MAX) {
      throw new StoreException(
          Kind.REFUSED, "more than " + Flags.KEYWORDS_MAX + " keywords in one message");
    }
    for (String keyword : flags.keywords()) {
      boolean printable = keyword.chars().allMatch(c -> c > ' ' && c < 0x7F);
      if (keyword.isEmpty() || keyword.length() > Flags.KEYWORD_OCTETS_MAX || !printable) {
        throw new StoreException(Kind.REFUSED, "not a keyword: " + keyword.length() + " octets");
      }
    }
  }
}
