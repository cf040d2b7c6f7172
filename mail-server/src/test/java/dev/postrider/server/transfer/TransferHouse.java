package dev.postrider.server.transfer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.storage.Commit;
import dev.postrider.storage.LocalStore;
import dev.postrider.storage.Store;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreSettings;
import dev.postrider.storage.accounts.Account;
import dev.postrider.storage.accounts.Quota;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.MailboxIndex;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.testkit.time.FakeClock;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A store with one account, and short ways to fill files and to look what came of them. */
final class TransferHouse implements AutoCloseable {

  static final MailAddress ALICE = new MailAddress("alice", "a.test");
  static final long OCTETS_MAX = 4_000_000;

  final Store store;
  final Account account;
  final List<String> leftOut = new ArrayList<>();

  TransferHouse(Path directory) throws Exception {
    store =
        LocalStore.open(directory, new FakeClock(), StoreSettings.defaults().withReserveOctets(0));
    account = store.accounts().create(ALICE, "none");
  }

  StoredMail mail() {
    return new StoredMail(store, account.id(), OCTETS_MAX, false);
  }

  static Importer.Order order(Path source) {
    return new Importer.Order(
        source, MailTree.Format.AUTO, MboxVariant.AUTO, null, Importer.Dates.FILE, false);
  }

  void limit(Quota quota) throws Exception {
    store.quotas().change(account.id(), quota);
  }

  List<FolderTally> importFrom(Path source) throws Exception {
    return importBy(order(source));
  }

  List<FolderTally> importBy(Importer.Order order) throws Exception {
    try (StoredMail mail = mail()) {
      return new Importer(mail, order, progress()).run();
    }
  }

  List<FolderTally> export(Path directory, Exporter.Format format) throws Exception {
    try (StoredMail mail = mail()) {
      return new Exporter(
              mail, new Exporter.Order(directory, format, ALICE.toString(), null), progress())
          .run();
    }
  }

  Progress progress() {
    return new Progress() {
      @Override
      public void begin(long work) {}

      @Override
      public void folder(String name) {}

      @Override
      public void message() {}

      @Override
      public void worked(long units) {}

      @Override
      public void leftOut(String line) {
        leftOut.add(line);
      }
    };
  }

  static FolderTally folder(List<FolderTally> tallies, String name) {
    return tallies.stream().filter(tally -> tally.folder().equals(name)).findFirst().orElseThrow();
  }

  Mailbox mailbox(String name) throws Exception {
    return store.mailboxes().find(account.id(), name).orElseThrow();
  }

  /** The messages of a folder, by UID. */
  List<Message> messages(String folder) throws Exception {
    try (MailboxIndex index = store.messages().open(mailbox(folder).id())) {
      return List.copyOf(index.snapshot().messages());
    }
  }

  List<String> texts(String folder) throws Exception {
    List<String> texts = new ArrayList<>();
    for (Message message : messages(folder)) {
      texts.add(text(message));
    }
    return texts;
  }

  String text(Message message) throws Exception {
    try (InputStream in = store.messages().body(message.body()).open()) {
      return new String(in.readAllBytes(), ISO_8859_1);
    }
  }

  /** All of the account: folder, and of each message its date, flags and text. */
  Map<String, List<String>> everything() throws Exception {
    Map<String, List<String>> everything = new TreeMap<>();
    for (Mailbox mailbox : store.mailboxes().list(account.id())) {
      List<String> messages = new ArrayList<>();
      for (Message message : messages(mailbox.name())) {
        messages.add(message.internalDate() + " " + message.flags() + "\n" + text(message));
      }
      everything.put(mailbox.name() + (mailbox.subscribed() ? "" : " (unsubscribed)"), messages);
    }
    return everything;
  }

  /** Fails with the first message that differs, which is easier to read than two accounts. */
  static void assertEqual(TransferHouse actual, TransferHouse expected) throws Exception {
    Map<String, List<String>> have = actual.everything();
    Map<String, List<String>> want = expected.everything();
    assertThat(have.keySet()).isEqualTo(want.keySet());
    for (Map.Entry<String, List<String>> folder : want.entrySet()) {
      List<String> messages = have.getOrDefault(folder.getKey(), List.of());
      for (int i = 0; i < Math.min(messages.size(), folder.getValue().size()); i++) {
        assertThat(messages.get(i))
            .as("%s, message %d", folder.getKey(), i + 1)
            .isEqualTo(folder.getValue().get(i));
      }
      assertThat(messages).as(folder.getKey()).hasSameSizeAs(folder.getValue());
    }
  }

  void deposit(String folder, Flags flags, Instant date, byte[] text) throws Exception {
    store.commit(
        Commit.of(
            new Commit.Deposit(
                MessageSource.of(text),
                List.of(new Commit.Filing(mailbox(folder).id(), flags, date)),
                List.of())));
  }

  /** Makes {@code cur}, {@code new} and {@code tmp}. */
  static Path maildir(Path directory) throws Exception {
    for (String sub : List.of("cur", "new", "tmp")) {
      Files.createDirectories(directory.resolve(sub));
    }
    return directory;
  }

  static Path file(Path file, String date, String text) throws Exception {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text, ISO_8859_1);
    return Files.setLastModifiedTime(file, FileTime.from(Instant.parse(date)));
  }

  @Override
  public void close() throws StoreException {
    store.close();
  }
}
