package dev.postrider.storage.power;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.storage.Store;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.Account;
import dev.postrider.storage.mailboxes.Annotations;
import dev.postrider.storage.mailboxes.Grantee;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.mailboxes.Sharing;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.CorruptBodyException;
import dev.postrider.storage.messages.MailboxIndex;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.queue.QueueEntry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Everything in a store, read octet by octet, in the lines of {@link AccountModel#lines}.
 *
 * @param lines of each account, by its address; those of {@code x-someone} are with someone's
 * @param shared digests of the mailbox that all workers share, by UID
 * @param modSeqs highest of each mailbox, by address and UIDVALIDITY
 */
record Observation(
    Map<String, List<String>> lines,
    Map<Long, String> shared,
    long sharedUidNext,
    Map<String, Long> modSeqs) {

  static Observation of(Store store, String sharedAddress) throws StoreException, IOException {
    Reader reader = new Reader(store, sharedAddress);
    for (Account account : store.accounts().list()) {
      reader.read(account);
    }
    for (QueueEntry entry : store.queue().list(Integer.MAX_VALUE)) {
      reader.read(entry);
    }
    return new Observation(reader.lines, reader.shared, reader.sharedUidNext, reader.modSeqs);
  }

  private static final class Reader {
    private final Store store;
    private final String sharedAddress;
    private final Map<String, List<String>> lines = new TreeMap<>();
    private final Map<Long, String> shared = new TreeMap<>();
    private final Map<String, Long> modSeqs = new HashMap<>();
    private final Map<BodyId, String> digests = new HashMap<>();
    private long sharedUidNext = 1;

    Reader(Store store, String sharedAddress) {
      this.store = store;
      this.sharedAddress = sharedAddress;
    }

    void read(Account account) throws StoreException, IOException {
      String address = account.address().toString();
      boolean extra = address.startsWith("x-");
      List<Mailbox> mailboxes = store.mailboxes().list(account.id());
      List<String> own =
          lines.computeIfAbsent(extra ? address.substring(2) : address, none -> new ArrayList<>());
      if (mailboxes.size() < 6) {
        own.add("account " + address + " has only " + mailboxes);
      }
      if (address.equals(sharedAddress)) {
        readShared(store.mailboxes().find(account.id(), "INBOX").orElseThrow().id());
        return;
      }
      own.add("account " + address + " " + account.credential());
      if (extra) {
        return;
      }
      for (Mailbox mailbox : mailboxes) {
        read(address, mailbox, own);
      }
      for (String name : store.mailboxes().subscriptions(account.id())) {
        own.add("subscribed " + address + " " + name);
      }
    }

    private void read(String address, Mailbox mailbox, List<String> own)
        throws StoreException, IOException {
      String name = address + " " + mailbox.name();
      for (Annotations.Annotation note :
          store.annotations().list(Optional.of(mailbox), mailbox.account())) {
        String text = new String(note.value().toByteArray(), StandardCharsets.US_ASCII);
        own.add("note " + name + " " + text);
      }
      for (Sharing.Entry entry : store.sharing().entries(mailbox.id())) {
        own.add(
            AccountModel.accessLine(
                name, who(entry.grantee(), "x-" + address), entry.rights().letters()));
      }
      own.add("uidvalidity " + name + " " + mailbox.uidValidity());
      try (MailboxIndex index = store.messages().open(mailbox.id())) {
        MailboxIndex.Snapshot snapshot = index.snapshot();
        own.add("box " + name + " next " + snapshot.uidNext().value());
        modSeqs.put(address + " " + mailbox.uidValidity(), snapshot.highestModSeq().value());
        for (Message message : snapshot.messages()) {
          own.add(
              AccountModel.letterLine(
                  name, message.uid().value(), digest(message.body()), message.flags()));
        }
      }
    }

    private String who(Grantee grantee, String extra) throws StoreException {
      if (grantee.account().isEmpty()) {
        return AccountModel.ANYONE;
      }
      boolean known =
          store
              .accounts()
              .find(MailAddress.parse(extra).orElseThrow())
              .filter(account -> account.id().equals(grantee.account().get()))
              .isPresent();
      return known ? AccountModel.EXTRA : "nobody";
    }

    private void readShared(MailboxId mailbox) throws StoreException, IOException {
      try (MailboxIndex index = store.messages().open(mailbox)) {
        MailboxIndex.Snapshot snapshot = index.snapshot();
        sharedUidNext = snapshot.uidNext().value();
        for (Message message : snapshot.messages()) {
          shared.put(message.uid().value(), digest(message.body()));
        }
      }
    }

    void read(QueueEntry entry) throws StoreException, IOException {
      String address = entry.sender().orElseThrow().toString();
      lines
          .computeIfAbsent(address, none -> new ArrayList<>())
          .add(
              AccountModel.entryLine(
                  address,
                  entry.recipient().localPart(),
                  digest(entry.body()),
                  entry.nextAttempt() + " " + entry.attempts() + " " + entry.delayNoticed(),
                  entry.lastReply()));
    }

    private String digest(BodyId body) throws StoreException, IOException {
      String known = digests.get(body);
      if (known == null) {
        try (InputStream in = store.messages().body(body).open()) {
          known = AccountModel.digest(in.readAllBytes());
        } catch (CorruptBodyException e) {
          known = "damaged";
        } catch (StoreException e) {
          if (e.kind() != StoreException.Kind.NOT_FOUND) {
            throw e;
          }
          // A repair gave up what says where it is.
          known = "lost";
        }
        digests.put(body, known);
      }
      return known;
    }
  }
}
