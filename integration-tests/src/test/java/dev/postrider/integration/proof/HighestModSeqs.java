package dev.postrider.integration.proof;

import dev.postrider.storage.LocalStore;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreSettings;
import dev.postrider.storage.accounts.Account;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.messages.MailboxIndex;
import dev.postrider.storage.messages.Message;
import dev.postrider.testkit.files.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What IMAP does not show yet: read from a copy of what a killed server left. */
final class HighestModSeqs {

  private HighestModSeqs() {}

  static Map<Verdict.MailboxId, Long> of(Path data, Path scratch)
      throws IOException, StoreException {
    copy(data, scratch);
    Map<Verdict.MailboxId, Long> all = new HashMap<>();
    try (LocalStore store =
        LocalStore.open(scratch, InstantSource.system(), StoreSettings.defaults())) {
      for (Account account : store.accounts().list()) {
        for (Mailbox mailbox : store.mailboxes().list(account.id())) {
          try (MailboxIndex index = store.messages().open(mailbox.id())) {
            MailboxIndex.Snapshot snapshot = index.snapshot();
            long highest = snapshot.highestModSeq().value();
            for (Message message : snapshot.messages()) {
              if (message.modSeq().value() > highest) {
                throw new IllegalStateException(message + " is above MODSEQ " + highest);
              }
            }
            all.put(
                new Verdict.MailboxId(account.address().toString(), mailbox.uidValidity()),
                highest);
          }
        }
      }
    }
    FileTree.delete(scratch);
    return all;
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    Files.copy(from.resolve("postrider-store"), to.resolve("postrider-store"));
    for (String name : List.of("log", "h2", "snapshot")) {
      Files.createDirectories(to.resolve(name));
      try (Stream<Path> files = Files.list(from.resolve(name))) {
        for (Path file : files.toList()) {
          Files.copy(file, to.resolve(name).resolve(file.getFileName()));
        }
      }
    }
  }
}
