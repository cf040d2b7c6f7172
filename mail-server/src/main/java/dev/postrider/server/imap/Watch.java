package dev.postrider.server.imap;

import static java.util.Objects.requireNonNull;

import dev.postrider.protocol.imap.ImapWriter;
import dev.postrider.protocol.imap.MailboxName;
import dev.postrider.protocol.imap.NotifyGroup.Event;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.changes.ChangeFeed.Listening;
import dev.postrider.storage.mailboxes.Annotations.Annotation;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.mailboxes.MailboxCounts;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.mailboxes.Right;
import dev.postrider.storage.mailboxes.Rights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What a client was told of mailboxes that are not selected, and how it is told what has become of
 * them. RFC 5465 section 5.
 *
 * <p>Invariants. A signal says only where to look: it sets the mark of a mailbox, or that of names,
 * and wakes the {@link Teller}. A look takes the marks first and reads then, so what comes later
 * sets them again. It tells the difference between what it finds and what is noted here, and notes
 * it; so many changes become one word, and a change that was undone before the look none.
 *
 * <p>What is noted is bounded: {@link #MAILBOXES_MAX} mailboxes and as many subscriptions, and
 * {@link #ENTRIES_MAX} annotations, a number each. Beyond that nothing is watched.
 *
 * <p>Threads: whoever holds the lock of the session's {@link ImapStreams}; marks are set by any.
 */
final class Watch implements AutoCloseable {

  /** Mailboxes that one session watches; each takes some 300 octets of memory. */
  static final int MAILBOXES_MAX = 1000;

  /** Annotations that one session watches. */
  static final int ENTRIES_MAX = 5000;

  private static final Comparator<Watched> BY_NAME = Comparator.comparing(Watched::name);

  private final ImapSession session;
  private final NotifyScope scope;
  private final Runnable wake;
  private final AtomicBoolean namesMoved = new AtomicBoolean();
  private final Map<AccountId, Listening> accounts = new HashMap<>();
  private final Map<MailboxId, Watched> mailboxes = new HashMap<>();
  private SortedSet<String> subscriptions = new TreeSet<>();
  private Map<String, Integer> serverEntries = Map.of();
  private int entries;

  /** A mailbox as it is, and what is to be told of it: something. */
  private record Meant(Reached reached, Set<Event> events) {}

  /** A mailbox as the client knows it. */
  private static final class Watched {
    private Reached reached;
    private Set<Event> events;
    private Map<String, Integer> entries = Map.of();
    private @Nullable MailboxCounts told;
    private @Nullable Listening listening;
    private volatile boolean moved;

    Watched(Meant meant) {
      reached = meant.reached();
      events = meant.events();
    }

    MailboxId id() {
      return reached.mailbox().id();
    }

    String name() {
      return reached.name();
    }

    /** All events need both rights. RFC 5465 section 5. */
    boolean isReadable() {
      return reached.may(Right.LOOKUP) && reached.may(Right.READ);
    }

    boolean tells(Event event) {
      return events.contains(event) && isReadable();
    }

    boolean isAboutMessages() {
      return events.contains(Event.MESSAGE_NEW);
    }
  }

  /** {@code wake} is called for every signal. */
  Watch(ImapSession session, NotifyScope scope, Runnable wake) {
    this.session = session;
    this.scope = scope;
    this.wake = wake;
  }

  /**
   * Begins to watch; false when there is too much.
   *
   * @param status whether to tell the numbers of each mailbox
   */
  boolean begin(boolean status) throws IOException, StoreException {
    listen(session.account().id());
    MailboxTree tree = tree();
    Optional<Map<MailboxId, Meant>> found = scan(tree);
    if (found.isEmpty()) {
      return false;
    }
    for (Meant meant : found.get().values()) {
      begin(new Watched(meant));
    }
    subscriptions = watchedSubscriptions(tree);
    serverEntries = entriesOfServer();
    if (!isWithinLimits()) {
      return false;
    }
    for (Watched one : mailboxes.values().stream().sorted(BY_NAME).toList()) {
      if (one.isAboutMessages() && !one.isReadable()) {
        ListHandler.writeChanged(one.name(), tree, true, Optional.empty(), session.writer());
      } else if (status && one.told != null && !isSelected(one)) {
        boolean flags = one.events.contains(Event.FLAG_CHANGE);
        write(one.name(), one.told, true, flags || session.dialect().knowsModSeqs());
      }
    }
    return true;
  }

  private boolean isWithinLimits() {
    return subscriptions.size() <= MAILBOXES_MAX && entries <= ENTRIES_MAX;
  }

  private MailboxTree tree() throws StoreException {
    return MailboxTree.of(session.store(), session.account().id());
  }

  private void listen(AccountId account) {
    accounts.computeIfAbsent(
        account,
        id ->
            session
                .store()
                .changes()
                .account(
                    id,
                    () -> {
                      namesMoved.set(true);
                      wake.run();
                    }));
  }

  /** Mailboxes of which anything is to be told; empty when they are too many. */
  private Optional<Map<MailboxId, Meant>> scan(MailboxTree tree) {
    Map<MailboxId, Meant> found = new HashMap<>();
    for (String name : tree.names()) {
      Optional<Reached> reached = tree.mailbox(name);
      Set<Event> events = scope.events(name, tree::isSubscribed);
      if (reached.isPresent() && !events.isEmpty()) {
        found.put(reached.get().mailbox().id(), new Meant(reached.get(), events));
        if (found.size() > MAILBOXES_MAX) {
          return Optional.empty();
        }
      }
    }
    return Optional.of(found);
  }

  /** Listens first, and notes then how it is. */
  private void begin(Watched one) throws StoreException {
    mailboxes.put(one.id(), one);
    listen(one.reached.mailbox().account());
    goOn(one);
  }

  /** With what it is now, and is wanted of it. */
  private void goOn(Watched one) throws StoreException {
    if (one.isAboutMessages() && one.listening == null) {
      one.listening =
          session
              .store()
              .changes()
              .mailbox(
                  one.id(),
                  () -> {
                    one.moved = true;
                    wake.run();
                  });
    }
    if (one.isAboutMessages() && one.told == null) {
      one.told = counts(one).orElse(null);
    }
    one.entries = entriesOf(one);
    entries += one.entries.size();
  }

  private Optional<MailboxCounts> counts(Watched one) throws StoreException {
    return one.isReadable() ? session.store().mailboxes().counts(one.id()) : Optional.empty();
  }

  private Map<String, Integer> entriesOf(Watched one) throws StoreException {
    return one.tells(Event.MAILBOX_METADATA_CHANGE)
        ? marks(Optional.of(one.reached.mailbox()))
        : Map.of();
  }

  private Map<String, Integer> entriesOfServer() throws StoreException {
    return scope.wants(Event.SERVER_METADATA_CHANGE) ? marks(Optional.empty()) : Map.of();
  }

  /** Of each annotation a number, which is another one when the annotation is. */
  private Map<String, Integer> marks(Optional<Mailbox> mailbox) throws StoreException {
    Map<String, Integer> marks = new TreeMap<>();
    for (Annotation one : session.store().annotations().list(mailbox, session.account().id())) {
      marks.put(one.entry(), one.value().hashCode());
    }
    return marks;
  }

  private SortedSet<String> watchedSubscriptions(MailboxTree tree) {
    SortedSet<String> watched = new TreeSet<>();
    if (scope.wants(Event.SUBSCRIPTION_CHANGE)) {
      for (String name : tree.subscriptions()) {
        if (scope.events(name, any -> true).contains(Event.SUBSCRIPTION_CHANGE)) {
          watched.add(name);
        }
      }
    }
    return watched;
  }

  private boolean isSelected(Watched one) {
    return session.isSelected() && session.mailbox().mailbox().id().equals(one.id());
  }

  /** Tells what has changed; false when there is too much of it. */
  boolean look() throws IOException, StoreException {
    if (namesMoved.getAndSet(false) && !lookAtNames()) {
      return false;
    }
    for (Watched one : List.copyOf(mailboxes.values())) {
      if (one.moved) {
        one.moved = false;
        lookAtMessages(one);
      }
    }
    return true;
  }

  private void lookAtMessages(Watched one) throws IOException, StoreException {
    if (!one.isReadable() || isSelected(one) || !isShownNow(one)) {
      return;
    }
    Optional<MailboxCounts> counts = counts(one);
    MailboxCounts before = one.told;
    if (counts.isEmpty()) {
      return;
    }
    MailboxCounts now = counts.get();
    one.told = now;
    boolean knowsModSeqs = session.dialect().knowsModSeqs();
    boolean messages =
        before == null
            || now.messages() != before.messages()
            || !now.uidNext().equals(before.uidNext());
    boolean flags =
        before != null
            && !now.highestModSeq().equals(before.highestModSeq())
            && one.events.contains(Event.FLAG_CHANGE)
            && knowsModSeqs;
    if (messages || flags) {
      write(one.name(), now, messages, knowsModSeqs);
    }
  }

  /** Another server may have heard first that a right was taken away. */
  private boolean isShownNow(Watched one) throws StoreException {
    if (one.reached.own()) {
      return true;
    }
    Rights rights = session.store().sharing().rights(one.reached.mailbox(), session.account().id());
    return rights.has(Right.LOOKUP) && rights.has(Right.READ);
  }

  private void write(String name, MailboxCounts counts, boolean messages, boolean modSeq)
      throws IOException {
    ImapWriter writer = session.writer().atom("* STATUS ").mailbox(name).atom(" (");
    if (messages) {
      writer.atom("MESSAGES ").number(counts.messages());
      writer.atom(" UIDNEXT ").number(counts.uidNext().value()).space();
    }
    writer.atom("UIDVALIDITY ").number(counts.uidValidity());
    if (modSeq) {
      writer.atom(" HIGHESTMODSEQ ").number(counts.highestModSeq().value());
    }
    writer.atom(")").crlf();
  }

  /** Names, rights, subscriptions and annotations. */
  private boolean lookAtNames() throws IOException, StoreException {
    MailboxTree tree = tree();
    Optional<Map<MailboxId, Meant>> found = scan(tree);
    if (found.isEmpty()) {
      return false;
    }
    Map<MailboxId, Meant> now = found.get();
    NameChanges changes = new NameChanges(tree);
    entries = 0;
    for (Watched one : List.copyOf(mailboxes.values())) {
      Meant meant = now.remove(one.id());
      if (meant == null) {
        changes.gone(one);
        stop(one);
        mailboxes.remove(one.id());
      } else {
        changes.stays(one, meant);
        Map<String, Integer> before = one.entries;
        boolean readable = one.isReadable();
        one.reached = meant.reached();
        one.events = meant.events();
        if (!readable && one.isReadable()) {
          // What came while it could not be read is told too.
          one.moved = true;
        }
        goOn(one);
        tellEntries(one.name(), before, one.entries);
      }
    }
    for (Meant meant : now.values()) {
      Watched one = new Watched(meant);
      changes.come(one);
      begin(one);
    }
    forgetAccounts();
    changes.subscriptions(subscriptions, watchedSubscriptions(tree));
    subscriptions = watchedSubscriptions(tree);
    changes.write();
    Map<String, Integer> server = entriesOfServer();
    tellEntries("", serverEntries, server);
    serverEntries = server;
    return isWithinLimits();
  }

  /** Of those of which nothing is watched any more nothing is heard. */
  private void forgetAccounts() {
    Set<AccountId> needed = new HashSet<>();
    needed.add(session.account().id());
    mailboxes.values().forEach(one -> needed.add(one.reached.mailbox().account()));
    for (AccountId account : List.copyOf(accounts.keySet())) {
      if (!needed.contains(account)) {
        requireNonNull(accounts.remove(account)).close();
      }
    }
  }

  private static void stop(Watched one) {
    if (one.listening != null) {
      one.listening.close();
    }
  }

  /** {@code * METADATA}, with the names of those that are others now. RFC 5464 section 4.4.2. */
  private void tellEntries(String name, Map<String, Integer> before, Map<String, Integer> now)
      throws IOException {
    SortedSet<String> changed = new TreeSet<>(before.keySet());
    changed.addAll(now.keySet());
    changed.removeIf(
        entry ->
            Optional.ofNullable(before.get(entry)).equals(Optional.ofNullable(now.get(entry))));
    if (!changed.isEmpty()) {
      ImapWriter writer = session.writer().atom("* METADATA ").mailbox(name);
      for (String entry : changed) {
        writer.space().string(entry);
      }
      writer.crlf();
    }
  }

  @Override
  public void close() {
    accounts.values().forEach(Listening::close);
    mailboxes.values().forEach(Watch::stop);
  }

  /** What becomes LIST responses. RFC 5465 section 5.4, 5.5 and 5.9. */
  private final class NameChanges {
    private final MailboxTree tree;
    private final TreeSet<String> listed = new TreeSet<>();
    private final TreeSet<String> hidden = new TreeSet<>();
    private final TreeMap<String, String> renamed = new TreeMap<>();

    NameChanges(MailboxTree tree) {
      this.tree = tree;
    }

    private boolean wantsNames(String name) {
      return scope.events(name, tree::isSubscribed).contains(Event.MAILBOX_NAME);
    }

    /** Not watched any more: deleted, not shared any more, or not meant any more. */
    void gone(Watched old) throws StoreException {
      Optional<Reached> namesake = tree.mailbox(old.name());
      if (namesake.isPresent() && namesake.get().mailbox().id().equals(old.id())) {
        return;
      }
      if (old.events.contains(Event.MAILBOX_NAME)) {
        affected(old.name());
      } else if (old.isAboutMessages() && session.store().mailboxes().find(old.id()).isPresent()) {
        hidden.add(old.name());
      }
    }

    void come(Watched one) {
      if (one.events.contains(Event.MAILBOX_NAME)) {
        affected(one.name());
      }
      if (one.isAboutMessages() && !one.isReadable()) {
        hidden.add(one.name());
      }
    }

    void stays(Watched before, Meant now) {
      String name = now.reached().name();
      if (!before.name().equals(name) && now.events().contains(Event.MAILBOX_NAME)) {
        renamed.put(before.name(), name);
      }
      Watched after = new Watched(now);
      if (after.isAboutMessages() && before.isReadable() != after.isReadable()) {
        (after.isReadable() ? listed : hidden).add(name);
      }
    }

    /** The name itself, and the one above it, which has or has not children now. */
    private void affected(String name) {
      listed.add(name);
      int end = name.lastIndexOf(MailboxName.SEPARATOR);
      if (end > 0 && wantsNames(name.substring(0, end))) {
        listed.add(name.substring(0, end));
      }
    }

    void subscriptions(SortedSet<String> before, SortedSet<String> now) {
      now.stream().filter(name -> !before.contains(name)).forEach(listed::add);
      before.stream().filter(name -> !now.contains(name)).forEach(listed::add);
    }

    void write() throws IOException {
      ImapWriter writer = session.writer();
      for (Map.Entry<String, String> one : new ArrayList<>(renamed.entrySet())) {
        if (!isBelowRenamed(one.getKey(), one.getValue())) {
          ListHandler.writeChanged(one.getValue(), tree, false, Optional.of(one.getKey()), writer);
        }
      }
      for (String name : listed) {
        if (!hidden.contains(name) && !renamed.containsValue(name)) {
          ListHandler.writeChanged(name, tree, false, Optional.empty(), writer);
        }
      }
      for (String name : hidden) {
        ListHandler.writeChanged(name, tree, true, Optional.empty(), writer);
      }
    }

    /** Whoever is told that a mailbox was renamed knows what is below it. */
    private boolean isBelowRenamed(String from, String to) {
      for (int end = from.lastIndexOf(MailboxName.SEPARATOR);
          end > 0;
          end = from.lastIndexOf(MailboxName.SEPARATOR, end - 1)) {
        String above = renamed.get(from.substring(0, end));
        if (above != null && to.equals(above + from.substring(end))) {
          return true;
        }
      }
      return false;
    }
  }
}
