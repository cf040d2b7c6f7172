package dev.postrider.integration.bench;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.storage.Commit;
import dev.postrider.storage.Committed;
import dev.postrider.storage.LocalStore;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreSettings;
import dev.postrider.storage.accounts.Account;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.FlagChange;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.UidSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A store without a server, and short ways to put mail into it and to look at its files. */
final class StoreUnderLoad implements AutoCloseable {

  static final MailAddress OWNER = new MailAddress("bench", "bench.test");

  private static final InstantSource CLOCK = InstantSource.system();
  private static final int TOGETHER = 500;
  private static final int TOGETHER_OCTETS = 8 * 1024 * 1024;

  private final LocalStore store;
  private final Path directory;
  private final Account owner;

  /** Makes the account {@link #OWNER} where it is not there. */
  StoreUnderLoad(Path directory, StoreSettings settings) throws StoreException {
    this.directory = directory;
    this.store = LocalStore.open(directory, CLOCK, settings);
    Optional<Account> present = store.accounts().find(OWNER);
    this.owner = present.isPresent() ? present.get() : store.accounts().create(OWNER, "{plain}x");
  }

  LocalStore store() {
    return store;
  }

  Path directory() {
    return directory;
  }

  MailboxId inbox() throws StoreException {
    return mailbox("INBOX");
  }

  /** Makes it where it is not there. */
  MailboxId mailbox(String name) throws StoreException {
    Optional<Mailbox> present = store.mailboxes().find(owner.id(), name);
    return present.isPresent()
        ? present.get().id()
        : store.mailboxes().create(owner.id(), name, null).id();
  }

  Committed.Filed deliver(MailboxId mailbox, MessageSource message) throws StoreException {
    return store.commit(Commit.of(deposit(mailbox, message))).filed().getFirst();
  }

  /** Delivers {@code count} messages, many in one commit, as fast as it goes. */
  void fill(MailboxId mailbox, Mail mail, int count) throws StoreException {
    int together = Math.max(1, Math.min(TOGETHER, TOGETHER_OCTETS / mail.octets()));
    int left = count;
    while (left > 0) {
      List<Commit.Deposit> deposits = new ArrayList<>();
      for (int i = 0; i < Math.min(left, together); i++) {
        deposits.add(deposit(mailbox, mail.next()));
      }
      store.commit(new Commit(deposits, List.of()));
      left -= deposits.size();
    }
  }

  /** Expunges what is there of {@code uids}. */
  void expunge(MailboxId mailbox, UidSet uids) throws StoreException {
    FlagChange delete = new FlagChange.Add(Flags.of(SystemFlag.DELETED));
    var _ = store.messages().changeFlags(mailbox, uids, delete, null);
    var _ = store.messages().expunge(mailbox, uids);
  }

  private static Commit.Deposit deposit(MailboxId mailbox, MessageSource message) {
    Commit.Filing filing = new Commit.Filing(mailbox, Flags.NONE, CLOCK.instant());
    return new Commit.Deposit(message, List.of(filing), List.of());
  }

  static long octetsBelow(Path directory) throws IOException {
    long octets = 0;
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        octets += Files.size(file);
      }
    }
    return octets;
  }

  @Override
  public void close() throws StoreException {
    store.close();
  }
}
