package dev.postrider.storage.power;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.protocol.text.Octets;
import dev.postrider.storage.Commit;
import dev.postrider.storage.Committed;
import dev.postrider.storage.Store;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.mailboxes.Grantee;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.mailboxes.Rights;
import dev.postrider.storage.messages.FlagChange;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.Uid;
import dev.postrider.storage.messages.UidSet;
import dev.postrider.storage.queue.NewQueueEntry;
import dev.postrider.storage.queue.QueueId;
import dev.postrider.storage.queue.Settlement;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * Does seeded deeds to an account that nobody else touches, one after the other, and notes each
 * before it begins and after it was acknowledged. So at any moment the account is as the model says
 * after the last deed, or after the one that is under way.
 */
final class PowerWorker {

  static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
  static final String DOMAIN = "example.test";

  private static final List<String> OWN_BOXES = List.of("Work", "Play", "Lists");

  private final Store store;
  private final MailboxId shared;
  private final int number;
  private final Random random;
  private final Consumer<Step> notes;
  private final MailAddress address;
  private final MailAddress extra;
  private final Map<String, QueueId> queued = new HashMap<>();
  private AccountModel model;
  private int deeds;

  PowerWorker(
      Store store, MailboxId shared, String name, int number, long seed, Consumer<Step> notes) {
    this.store = store;
    this.shared = shared;
    this.number = number;
    this.random = new Random(seed);
    this.notes = notes;
    this.address = new MailAddress(name, DOMAIN);
    this.extra = new MailAddress("x-" + name, DOMAIN);
    this.model = new AccountModel(address.toString());
  }

  /** Does {@code count} deeds more. */
  void work(int count) throws StoreException {
    for (int i = 0; i < count; i++) {
      carryOut(deeds == 0 ? new Deed.CreateAccount("first") : next());
      deeds++;
    }
  }

  AccountModel model() {
    return model;
  }

  private void carryOut(Deed deed) throws StoreException {
    AccountModel after = model.after(deed);
    notes.accept(new Step.Begin(number, after));
    Step.Given given = run(deed);
    notes.accept(new Step.Acknowledged(number, given));
    model = after;
    if (deed instanceof Deed.CreateAccount) {
      learnUidValidities();
    }
  }

  private void learnUidValidities() throws StoreException {
    for (Mailbox mailbox : store.mailboxes().list(account())) {
      AccountModel.Box box = model.box(mailbox.name());
      model.boxes.put(
          mailbox.name(),
          new AccountModel.Box(mailbox.uidValidity(), box.uidNext(), box.letters()));
      model.lastUidValidity = Math.max(model.lastUidValidity, mailbox.uidValidity());
    }
  }

  private AccountId account() throws StoreException {
    return store.accounts().find(address).orElseThrow().id();
  }

  private MailboxId box(String name) throws StoreException {
    return store.mailboxes().find(account(), name).orElseThrow().id();
  }

  private Deed next() {
    return switch (random.nextInt(27)) {
      case 0, 1, 2, 3 -> new Deed.Deposit(anyBox(), random.nextLong(), anyFlags());
      case 4, 5, 6 -> new Deed.Deliver(random.nextLong(), "r" + deeds + "-");
      case 7, 8, 9 -> onLetters(this::changeFlags);
      case 10 -> onLetters(Deed.Expunge::new);
      case 11 -> onLetters(this::replace);
      case 12 -> onLetters((box, first, last) -> new Deed.Copy(box, first, last, anyBox()));
      case 13, 14 -> onLetters(this::move);
      case 15, 16 -> onBoxes();
      case 17 -> onSubscriptions();
      case 24, 25 -> onAccess();
      case 26 -> new Deed.Annotate(anyBox(), random.nextInt(4) == 0 ? "" : "note" + deeds);
      case 18 -> new Deed.ChangeCredential("credential" + deeds);
      case 19 ->
          model.extraCredential.isEmpty()
              ? new Deed.CreateExtraAccount("extra" + deeds)
              : new Deed.RemoveExtraAccount();
      default -> onQueue();
    };
  }

  private interface OnLetters {
    Deed of(String box, long first, long last);
  }

  private Deed onLetters(OnLetters deed) {
    String box = anyBox();
    List<Long> uids = List.copyOf(model.box(box).letters().keySet());
    if (uids.isEmpty()) {
      return new Deed.Deposit(box, random.nextLong(), anyFlags());
    }
    int first = random.nextInt(uids.size());
    int last = Math.min(uids.size() - 1, first + random.nextInt(4));
    return deed.of(box, uids.get(first), uids.get(last));
  }

  private Deed changeFlags(String box, long first, long last) {
    Flags flags = anyFlags();
    return new Deed.ChangeFlags(
        box,
        first,
        last,
        switch (random.nextInt(3)) {
          case 0 -> new FlagChange.Add(Flags.of(SystemFlag.DELETED).plus(flags));
          case 1 -> new FlagChange.Remove(flags);
          default -> new FlagChange.Replace(flags);
        });
  }

  private Deed move(String box, long first, long last) {
    String to = anyBox();
    return to.equals(box)
        ? new Deed.Expunge(box, first, last)
        : new Deed.Move(box, first, last, to);
  }

  private Deed replace(String box, long first, long last) {
    return new Deed.Replace(box, first, anyBox(), random.nextLong(), anyFlags());
  }

  private Deed onBoxes() {
    String name = OWN_BOXES.get(random.nextInt(OWN_BOXES.size()));
    String other = OWN_BOXES.get(random.nextInt(OWN_BOXES.size()));
    if (!model.boxes.containsKey(name)) {
      return new Deed.CreateBox(name);
    }
    return model.boxes.containsKey(other)
        ? new Deed.DeleteBox(name)
        : new Deed.RenameBox(name, other);
  }

  private Deed onSubscriptions() {
    String name = OWN_BOXES.get(random.nextInt(OWN_BOXES.size()));
    return model.subscriptions.contains(name)
        ? new Deed.Unsubscribe(name)
        : new Deed.Subscribe(name);
  }

  private Deed onAccess() {
    boolean extra = model.extraCredential.isPresent() && random.nextBoolean();
    List<String> rights = List.of("", "lr", "lrs", "lrswipkxtea");
    return new Deed.Grant(anyBox(), extra, rights.get(random.nextInt(rights.size())));
  }

  private Deed onQueue() {
    if (model.queue.isEmpty()) {
      return new Deed.Deliver(random.nextLong(), "r" + deeds + "-");
    }
    List<String> recipients = List.copyOf(model.queue.keySet());
    String recipient = recipients.get(random.nextInt(recipients.size()));
    return switch (random.nextInt(3)) {
      case 0 -> new Deed.Settle(recipient);
      case 1 -> new Deed.Bounce(recipient, random.nextLong());
      default ->
          new Deed.Defer(
              recipient,
              NOW.plusSeconds(random.nextInt(100_000)),
              "451 reply " + deeds,
              random.nextBoolean());
    };
  }

  private String anyBox() {
    List<String> names = List.copyOf(model.boxes.keySet());
    return names.get(random.nextInt(names.size()));
  }

  private Flags anyFlags() {
    SystemFlag[] all = SystemFlag.values();
    Flags flags = Flags.of(all[random.nextInt(all.length)]);
    return random.nextInt(3) == 0 ? flags.plus(Flags.of(Set.of(), Set.of("$Todo"))) : flags;
  }

  private Step.Given run(Deed deed) throws StoreException {
    switch (deed) {
      case Deed.CreateAccount(String credential) -> store.accounts().create(address, credential);
      case Deed.ChangeCredential(String credential) ->
          store.accounts().changeCredential(account(), credential);
      case Deed.CreateExtraAccount(String credential) -> store.accounts().create(extra, credential);
      case Deed.RemoveExtraAccount() ->
          store.accounts().remove(store.accounts().find(extra).orElseThrow().id());
      case Deed.Deposit(String box, long seed, Flags flags) -> {
        Committed.Filed filed =
            store
                .commit(Commit.of(deposit(seed, List.of(filing(box(box), flags)), List.of())))
                .filed()
                .getFirst();
        return given(filed);
      }
      case Deed.Deliver(long seed, String recipient) -> {
        return deliver(seed, recipient);
      }
      case Deed.ChangeFlags(String box, long first, long last, FlagChange change) ->
          store.messages().changeFlags(box(box), range(first, last), change, null);
      case Deed.Expunge(String box, long first, long last) ->
          store.messages().expunge(box(box), range(first, last));
      case Deed.Copy(String from, long first, long last, String to) ->
          store.messages().copy(box(from), range(first, last), box(to));
      case Deed.Move(String from, long first, long last, String to) ->
          store.messages().move(box(from), range(first, last), box(to));
      case Deed.Replace(String from, long uid, String to, long seed, Flags flags) -> {
        Commit.Removal removal = new Commit.Removal(box(from), new Uid(uid));
        Commit.Deposit deposit = deposit(seed, List.of(filing(box(to), flags)), List.of());
        return given(store.commit(Commit.replacing(removal, deposit)).filed().getFirst());
      }
      case Deed.CreateBox(String name) -> store.mailboxes().create(account(), name, null);
      case Deed.RenameBox(String from, String to) -> store.mailboxes().rename(box(from), to);
      case Deed.DeleteBox(String name) -> store.mailboxes().delete(box(name));
      case Deed.Subscribe(String name) -> store.mailboxes().subscribe(account(), name);
      case Deed.Unsubscribe(String name) -> store.mailboxes().unsubscribe(account(), name);
      case Deed.Grant(String box, boolean toExtra, String letters) ->
          store
              .sharing()
              .change(
                  box(box),
                  toExtra
                      ? Grantee.of(store.accounts().find(extra).orElseThrow().id())
                      : Grantee.anyone(),
                  before -> Rights.parse(letters).orElseThrow());
      case Deed.Annotate(String box, String text) -> {
        Optional<Octets> value =
            text.isEmpty()
                ? Optional.empty()
                : Optional.of(Octets.of(text.getBytes(StandardCharsets.US_ASCII)));
        store
            .annotations()
            .change(store.mailboxes().find(box(box)), account(), Map.of("/shared/comment", value));
      }
      case Deed.Defer(String recipient, Instant next, String reply, boolean delayNoticed) ->
          store.commit(
              Commit.of(new Settlement.Deferred(queueId(recipient), next, reply, delayNoticed)));
      case Deed.Bounce(String recipient, long noticeSeed) ->
          store.commit(
              new Commit(
                  List.of(
                      deposit(noticeSeed, List.of(filing(box("INBOX"), Flags.NONE)), List.of())),
                  List.of(new Settlement.Done(queueId(recipient)))));
      case Deed.Settle(String recipient) ->
          store.commit(Commit.of(new Settlement.Done(queueId(recipient))));
    }
    return Step.Given.NOTHING;
  }

  private Step.Given deliver(long seed, String recipient) throws StoreException {
    List<NewQueueEntry> remote = new ArrayList<>();
    for (String one : List.of(recipient + "a", recipient + "b")) {
      remote.add(
          new NewQueueEntry(
              Optional.of(address),
              new MailAddress(one, "b.test"),
              "trace",
              false,
              true,
              NOW,
              NOW));
    }
    List<Commit.Filing> filings =
        List.of(filing(box("INBOX"), Flags.NONE), filing(shared, Flags.NONE));
    Committed committed = store.commit(Commit.of(deposit(seed, filings, remote)));
    queued.put(recipient + "a", committed.queued().get(0));
    queued.put(recipient + "b", committed.queued().get(1));
    Step.Given given = given(committed.filed().get(0));
    return new Step.Given(
        committed.filed().get(1).uid().value(), committed.queued().get(1).value(), given.modSeqs());
  }

  private static Step.Given given(Committed.Filed filed) {
    return new Step.Given(0, 0, Map.of(filed.uidValidity(), filed.modSeq().value()));
  }

  private static Commit.Deposit deposit(
      long seed, List<Commit.Filing> filings, List<NewQueueEntry> remote) {
    return new Commit.Deposit(MessageSource.of(AccountModel.body(seed)), filings, remote);
  }

  private static Commit.Filing filing(MailboxId box, Flags flags) {
    return new Commit.Filing(box, flags, NOW);
  }

  private QueueId queueId(String recipient) {
    return Objects.requireNonNull(queued.get(recipient));
  }

  private static UidSet range(long first, long last) {
    return UidSet.of(LongStream.rangeClosed(first, last).toArray());
  }
}
