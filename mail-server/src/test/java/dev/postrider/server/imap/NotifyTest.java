package dev.postrider.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.protocol.text.Octets;
import dev.postrider.storage.accounts.AccountId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What dialogs do not show of NOTIFY: its limits, and what comes in between. */
class NotifyTest {

  private static final String ALL = "(MessageNew MessageExpunge FlagChange MailboxName)";

  @TempDir Path directory;
  private ImapRig rig;
  private AccountId alice;

  @BeforeEach
  void open() throws Exception {
    rig = new ImapRig(directory);
    alice = rig.store.accounts().find(ImapRig.ALICE).orElseThrow().id();
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private Conversation loggedIn() throws Exception {
    Conversation talk = new Conversation(rig.open("c"));
    talk.logIn();
    return talk;
  }

  private void fillUp(int mailboxes) throws Exception {
    int present = rig.store.mailboxes().list(alice).size();
    for (int i = present; i < mailboxes; i++) {
      rig.store.mailboxes().create(alice, "m" + i, null);
    }
  }

  @Test
  void moreMailboxesThanCanBeWatchedAreRefusedAndAllStaysAsItWas() throws Exception {
    Conversation talk = loggedIn();
    talk.send("a1 NOTIFY SET (INBOXES (MessageNew MessageExpunge))\r\n");
    assertThat(talk.reply("a1 ")).startsWith("a1 OK");
    fillUp(Watch.MAILBOXES_MAX + 1);
    talk.send("a2 NOTIFY SET STATUS (PERSONAL " + ALL + ")\r\n");
    assertThat(talk.reply("a2 ")).startsWith("a2 NO [NOTIFICATIONOVERFLOW]");
    rig.deliver("INBOX", "x: 1\n\n");
    assertThat(talk.reply("* ")).startsWith("* STATUS \"INBOX\" (MESSAGES 1 ");
  }

  @Test
  void oneMailboxTooManyEndsItAll() throws Exception {
    fillUp(Watch.MAILBOXES_MAX);
    Conversation talk = loggedIn();
    talk.send("a1 SELECT INBOX\r\n");
    assertThat(talk.reply("a1 ")).startsWith("a1 OK");
    talk.send("a2 NOTIFY SET (SELECTED (MessageNew MessageExpunge)) (PERSONAL " + ALL + ")\r\n");
    assertThat(talk.reply("a2 ")).startsWith("a2 OK");
    rig.deliver("INBOX", "x: 1\n\n");
    assertThat(talk.reply("* 1 EX")).isEqualTo("* 1 EXISTS");
    rig.store.mailboxes().create(alice, "over", null);
    assertThat(talk.reply("* OK")).startsWith("* OK [NOTIFICATIONOVERFLOW]");
    rig.deliver("INBOX", "x: 2\n\n");
    rig.deliver("Archive", "x: 3\n\n");
    talk.send("a3 NOOP\r\n");
    assertThat(talk.reply("")).startsWith("a3 OK");
  }

  @Test
  void moreAnnotationsThanCanBeWatchedAreRefused() throws Exception {
    Map<String, Optional<Octets>> values = new HashMap<>();
    for (int i = 0; i < 100; i++) {
      values.put("/private/n" + i, Optional.of(Octets.of("x".getBytes(StandardCharsets.US_ASCII))));
    }
    fillUp(Watch.ENTRIES_MAX / 100 + 1);
    for (var mailbox : rig.store.mailboxes().list(alice)) {
      assertThat(rig.store.annotations().change(Optional.of(mailbox), alice, values)).isTrue();
    }
    Conversation talk = loggedIn();
    talk.send("a1 NOTIFY SET (PERSONAL (MailboxMetadataChange))\r\n");
    assertThat(talk.reply("a1 ")).startsWith("a1 NO [NOTIFICATIONOVERFLOW]");
    talk.send("a2 NOTIFY SET (MAILBOXES INBOX (MailboxMetadataChange))\r\n");
    assertThat(talk.reply("a2 ")).startsWith("a2 OK");
  }

  /** Many changes become one word, and none is lost. */
  @Test
  void theLastWordIsRightWhateverCameBefore() throws Exception {
    Conversation talk = loggedIn();
    talk.send("a1 NOTIFY SET (MAILBOXES (INBOX Archive) (MessageNew MessageExpunge))\r\n");
    assertThat(talk.reply("a1 ")).startsWith("a1 OK");
    for (int i = 0; i < 200; i++) {
      rig.deliver(i % 2 == 0 ? "INBOX" : "Archive", "x: 1\n\n");
    }
    boolean inbox = false;
    boolean archive = false;
    while (!inbox || !archive) {
      String word = talk.reply("* STATUS");
      inbox |= word.startsWith("* STATUS \"INBOX\" (MESSAGES 100 UIDNEXT 101 ");
      archive |= word.startsWith("* STATUS \"Archive\" (MESSAGES 100 UIDNEXT 101 ");
    }
    talk.send("a2 NOOP\r\n");
    assertThat(talk.reply("")).startsWith("a2 OK");
  }

  @Test
  void aSelectedMailboxThatIsDeletedEndsTheSession() throws Exception {
    var gone = rig.store.mailboxes().create(alice, "gone", null);
    Conversation talk = loggedIn();
    talk.send("a1 SELECT gone\r\n");
    assertThat(talk.reply("a1 ")).startsWith("a1 OK");
    talk.send("a2 NOTIFY SET (SELECTED (MessageNew MessageExpunge))\r\n");
    assertThat(talk.reply("a2 ")).startsWith("a2 OK");
    rig.store.mailboxes().delete(gone.id());
    assertThat(talk.reply("* ")).startsWith("* BYE The selected mailbox was deleted");
    rig.awaitSessions();
  }
}
