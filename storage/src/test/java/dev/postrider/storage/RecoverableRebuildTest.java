package dev.postrider.storage;

import static dev.postrider.storage.StoreFixture.ALICE;
import static dev.postrider.storage.StoreFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.mailboxes.Recoverable.Found;
import dev.postrider.storage.mailboxes.Recoverable.Wanted;
import dev.postrider.storage.messages.FlagChange;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.UidSet;
import dev.postrider.testkit.files.FileTree;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was expunged is in the log, not only in the tables. */
class RecoverableRebuildTest {

  @TempDir Path directory;

  private static void expunge(StoreFixture fixture, MailboxId mailbox, long... uids)
      throws Exception {
    fixture
        .store
        .messages()
        .changeFlags(
            mailbox, UidSet.of(uids), new FlagChange.Add(Flags.of(SystemFlag.DELETED)), null);
    fixture.store.messages().expunge(mailbox, UidSet.of(uids));
  }

  private static List<Found> restore(StoreFixture fixture) throws Exception {
    Wanted all = new Wanted(fixture.account(ALICE).id(), Optional.empty(), Instant.EPOCH);
    return fixture.store.recoverable().restore(all);
  }

  @Test
  void whatCanBeBroughtBackSurvivesARebuild() throws Exception {
    try (StoreFixture fixture = new StoreFixture(directory)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      for (int i = 0; i < 1200; i++) {
        fixture.deposit(inbox, text("m" + i));
      }
      long[] uids = fixture.messages(inbox).stream().mapToLong(m -> m.uid().value()).toArray();
      expunge(fixture, inbox, uids);
    }
    FileTree.delete(directory.resolve("h2"));
    try (StoreFixture fixture = new StoreFixture(directory)) {
      assertThat(restore(fixture)).extracting(Found::messages).containsExactly(1200);
    }
    FileTree.delete(directory.resolve("h2"));
    try (StoreFixture fixture = new StoreFixture(directory)) {
      assertThat(fixture.messages(fixture.mailbox(ALICE, "INBOX"))).hasSize(1200);
      assertThat(restore(fixture)).isEmpty();
    }
  }
}
