package dev.postrider.server.transfer;

import dev.postrider.storage.Commit;
import dev.postrider.storage.Store;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.MailboxIndex;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.Spool.Spooled;
import dev.postrider.storage.messages.Uid;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An account of a store that this process has open. No quota holds: it is the operator's. */
public final class StoredMail implements AccountMail {

  private static final int BLOCK_OCTETS = 16 * 1024;

  private final Store store;
  private final AccountId account;
  private final long messageOctetsMax;
  private final boolean dryRun;
  private final byte[] block = new byte[BLOCK_OCTETS];
  private final MessageDigest digest = Known.digest();
  private final List<Commit.Deposit> deposits = new ArrayList<>();
  private final List<Spooled> spooled = new ArrayList<>();
  private Filed counted = Filed.NOTHING;
  private @Nullable Known known;
  private @Nullable Folder listed;
  private List<Message> listing = List.of();
  private @Nullable MailboxId mailbox;

  /**
   * @param dryRun whether to tell only what would be done
   */
  public StoredMail(Store store, AccountId account, long messageOctetsMax, boolean dryRun) {
    this.store = store;
    this.account = account;
    this.messageOctetsMax = messageOctetsMax;
    this.dryRun = dryRun;
  }

  @Override
  public long messageOctetsMax() {
    return messageOctetsMax;
  }

  @Override
  public List<Folder> folders() throws StoreException {
    List<Folder> folders = new ArrayList<>();
    for (Mailbox each : store.mailboxes().list(account)) {
      int messages = store.mailboxes().status(each.id()).messages();
      folders.add(
          new Folder(
              each.name(), each.uidValidity(), each.specialUse(), each.subscribed(), messages));
    }
    return folders;
  }

  @Override
  public void begin(String folder, boolean subscribe) throws StoreException {
    forgetBatch();
    Optional<Mailbox> present = store.mailboxes().find(account, folder);
    if (present.isEmpty() && dryRun) {
      mailbox = null;
      known = new Known(List.of(), this::body);
      return;
    }
    Mailbox target =
        present.isPresent()
            ? present.get()
            : store.mailboxes().createEvenOverQuota(account, folder);
    if (subscribe && !dryRun && !target.subscribed()) {
      store.mailboxes().subscribe(account, target.name());
    }
    mailbox = target.id();
    known = new Known(messages(target.id()), this::body);
  }

  private List<Message> messages(MailboxId of) throws StoreException {
    try (MailboxIndex index = store.messages().open(of)) {
      return index.snapshot().messages();
    }
  }

  @Override
  public void add(Flags flags, Instant internalDate, InputStream text)
      throws IOException, StoreException {
    Spooled copy = spool();
    boolean kept = false;
    try {
      copy(text, copy);
      if (isKnown(copy.octets(), digest.digest())) {
        counted = counted.plus(new Filed(0, 1));
        return;
      }
      counted = counted.plus(new Filed(1, 0));
      MailboxId target = mailbox;
      if (!dryRun && target != null) {
        deposits.add(
            new Commit.Deposit(
                copy, List.of(new Commit.Filing(target, flags, internalDate)), List.of()));
        spooled.add(copy);
        kept = true;
      }
    } finally {
      if (!kept) {
        copy.close();
      }
    }
  }

  private boolean isKnown(long octets, byte[] itsDigest) throws StoreException {
    Known present = known;
    if (present == null) {
      throw new IllegalStateException("add before begin");
    }
    try {
      return present.take(octets, itsDigest);
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Kind.CORRUPT, "a message that is stored cannot be read: " + e, e);
    }
  }

  private Spooled spool() throws StoreException {
    try {
      return store.spool().begin();
    } catch (IOException e) {
      throw noSpool(e);
    }
  }

  private void copy(InputStream text, Spooled copy) throws IOException, StoreException {
    digest.reset();
    for (int count = text.read(block); count >= 0; count = text.read(block)) {
      digest.update(block, 0, count);
      write(copy, count);
    }
  }

  private void write(Spooled copy, int count) throws StoreException {
    try {
      copy.out().write(block, 0, count);
    } catch (IOException e) {
      throw noSpool(e);
    }
  }

  private static StoreException noSpool(IOException e) {
    return new StoreException(
        StoreException.Kind.NO_SPACE, "the spool cannot be written: " + e.getMessage(), e);
  }

  @Override
  public Filed commit() throws StoreException {
    try {
      if (!deposits.isEmpty()) {
        var _ = store.commit(new Commit(deposits, List.of()).evenOverQuota());
      }
      return counted;
    } finally {
      forgetBatch();
    }
  }

  private void forgetBatch() {
    spooled.forEach(Spooled::close);
    spooled.clear();
    deposits.clear();
    counted = Filed.NOTHING;
  }

  @Override
  public List<Entry> list(Folder folder, Uid after, int most) throws StoreException {
    if (!folder.equals(listed)) {
      Optional<Mailbox> present = store.mailboxes().find(account, folder.name());
      if (present.isEmpty() || present.get().uidValidity() != folder.uidValidity()) {
        throw new StoreException(
            StoreException.Kind.NOT_FOUND, "the folder " + folder.name() + " went away meanwhile");
      }
      listing = messages(present.get().id());
      listed = folder;
    }
    int low = 0;
    int high = listing.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (listing.get(middle).uid().compareTo(after) > 0) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return listing.subList(low, Math.min(listing.size(), low + most)).stream()
        .map(StoredMail::entry)
        .toList();
  }

  private static Entry entry(Message message) {
    return new Entry(
        message.uid(), message.body(), message.octets(), message.internalDate(), message.flags());
  }

  @Override
  public InputStream open(BodyId body) throws StoreException {
    try {
      return body(body);
    } catch (IOException e) {
      throw new StoreException(StoreException.Kind.CORRUPT, String.valueOf(e.getMessage()), e);
    }
  }

  private InputStream body(BodyId body) throws IOException, StoreException {
    return store.messages().body(body).open();
  }

  @Override
  public void close() {
    forgetBatch();
  }
}
