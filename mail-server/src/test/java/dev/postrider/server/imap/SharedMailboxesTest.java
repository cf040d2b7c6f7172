package dev.postrider.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.mailboxes.Grantee;
import dev.postrider.storage.mailboxes.Rights;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedMailboxesTest {

  private static final String LOGIN =
      """
      S: * OK {{.*}}
      C: l LOGIN alice@a.test secret
      S: l OK {{.*}}
      """;

  private static final String LOGOUT =
      """
      C: z LOGOUT
      S: ...
      S: z OK {{.*}}
      """;

  @TempDir Path directory;
  private ImapRig rig;
  private AccountId alice;
  private AccountId bob;

  @BeforeEach
  void open() throws Exception {
    rig = new ImapRig(directory);
    alice = rig.store.accounts().find(ImapRig.ALICE).orElseThrow().id();
    bob = rig.store.accounts().find(ImapRig.BOB).orElseThrow().id();
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private void share(AccountId owner, String mailbox, String letters) throws Exception {
    rig.store
        .sharing()
        .change(
            rig.store.mailboxes().find(owner, mailbox).orElseThrow().id(),
            Grantee.of(alice),
            before -> Rights.parse(letters).orElseThrow());
  }

  @Test
  void addressWithASlashIsOneLevelAndHasOneName() throws Exception {
    AccountId odd = rig.store.accounts().create(new MailAddress("a/b%c", "a.test"), "none").id();
    share(odd, "Sent", "lr");
    rig.play(
        LOGIN
            + """
            C: a1 LIST "Other Users/" %
            S: * LIST (\\NonExistent \\Noselect \\HasChildren) "/" "Other Users/a%2Fb%25c@a.test"
            S: a1 OK {{.*}}
            C: a2 MYRIGHTS "Other Users/a%2Fb%25c@a.test/Sent"
            S: * MYRIGHTS "Other Users/a%2Fb%25c@a.test/Sent" "lr"
            S: a2 OK {{.*}}
            C: a3 MYRIGHTS "Other Users/a/b%c@a.test/Sent"
            S: a3 NO [NONEXISTENT] {{.*}}
            C: a4 MYRIGHTS "Other Users/a%2Fb%c@a.test/Sent"
            S: a4 NO [NONEXISTENT] {{.*}}
            C: a5 MYRIGHTS "Other Users/A%2Fb%25c@a.test/Sent"
            S: a5 NO [NONEXISTENT] {{.*}}
            """
            + LOGOUT);
  }

  @Test
  void mailboxesOfOnesOwnThatHaveSuchNamesStayInReach() throws Exception {
    rig.store.mailboxes().create(alice, "Other Users/bob@a.test/Sent", null);
    share(bob, "Sent", "lr");
    share(bob, "Drafts", "lr");
    rig.play(
        LOGIN
            + """
            C: a1 LIST "" "Other Users/*" RETURN (MYRIGHTS)
            S: * LIST (\\HasChildren) "/" "Other Users/bob@a.test"
            S: * MYRIGHTS "Other Users/bob@a.test" "lrswipkxteacd"
            S: * LIST (\\HasNoChildren) "/" "Other Users/bob@a.test/Drafts"
            S: * MYRIGHTS "Other Users/bob@a.test/Drafts" "lr"
            S: * LIST (\\HasNoChildren) "/" "Other Users/bob@a.test/Sent"
            S: * MYRIGHTS "Other Users/bob@a.test/Sent" "lrswipkxteacd"
            S: a1 OK {{.*}}
            C: a2 RENAME "Other Users/bob@a.test/Sent" "Old"
            S: a2 OK Renamed
            C: a3 MYRIGHTS "Other Users/bob@a.test/Sent"
            S: * MYRIGHTS "Other Users/bob@a.test/Sent" "lr"
            S: a3 OK {{.*}}
            """
            + LOGOUT);
  }

  private Conversation selecting(String mailbox) throws Exception {
    Conversation talk = new Conversation(rig.open("c"));
    talk.logIn();
    talk.send("s SELECT \"" + mailbox + "\"\r\n");
    assertThat(talk.reply("s ")).startsWith("s OK");
    return talk;
  }

  @Test
  void sessionEndsWhenTheOwnersAccountIsRemoved() throws Exception {
    share(bob, "Sent", "lr");
    Conversation talk = selecting("Other Users/bob@a.test/Sent");
    talk.send("i IDLE\r\n");
    talk.reply("+ ");
    rig.store.accounts().remove(bob);
    assertThat(talk.reply("* ")).startsWith("* BYE The selected mailbox was deleted");
    rig.awaitSessions();
    rig.play(
        LOGIN
            + """
            C: a1 LIST "" "Other Users*"
            S: a1 OK {{.*}}
            C: a2 SELECT "Other Users/bob@a.test/Sent"
            S: a2 NO [NONEXISTENT] {{.*}}
            """
            + LOGOUT);
  }

  /** Who has no account any more is nobody, not anyone. */
  @Test
  void sessionOfARemovedAccountReadsNothingOfOthersAnyMore() throws Exception {
    rig.store
        .sharing()
        .change(
            rig.store.mailboxes().find(bob, "INBOX").orElseThrow().id(),
            Grantee.anyone(),
            before -> Rights.ALL);
    Conversation talk = selecting("Other Users/bob@a.test/INBOX");
    rig.store.accounts().remove(alice);
    talk.send("a FETCH 1:* BODY[]\r\n");
    assertThat(talk.reply("* ")).startsWith("* BYE The selected mailbox was deleted");
    rig.awaitSessions();
  }
}
