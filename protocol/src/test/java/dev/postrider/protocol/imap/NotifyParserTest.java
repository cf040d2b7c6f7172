package dev.postrider.protocol.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postrider.protocol.imap.NotifyGroup.Event;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotifyParserTest {

  private static final Set<Event> MESSAGES = Set.of(Event.MESSAGE_NEW, Event.MESSAGE_EXPUNGE);

  private static ImapCommand.Notify parse(String text) throws Exception {
    CommandScanner in =
        new CommandScanner(
            ("NOTIFY " + text).getBytes(StandardCharsets.UTF_8), CommandScanner.NO_LITERALS);
    return (ImapCommand.Notify) CommandParser.parse(in);
  }

  private static NotifyGroup group(NotifyGroup.Filter filter, Set<Event> events) {
    return new NotifyGroup(filter, events, List.of(), false);
  }

  @Test
  void readsEveryKindOfMailboxesAndEvents() throws Exception {
    assertThat(parse("NONE")).isEqualTo(new ImapCommand.Notify(false, List.of()));
    assertThat(
            parse(
                "SET STATUS (selected (MessageNew (UID FLAGS) messageexpunge FlagChange))"
                    + " (INBOXES NONE) (personal (MailboxName SubscriptionChange))"
                    + " (subscribed (MessageNew MessageExpunge))"
                    + " (subtree inbox (MailboxMetadataChange))"
                    + " (mailboxes (\"a b\" INBOX/x) (ServerMetadataChange))"))
        .isEqualTo(
            new ImapCommand.Notify(
                true,
                List.of(
                    new NotifyGroup(
                        new NotifyGroup.Selected(false),
                        Set.of(Event.MESSAGE_NEW, Event.MESSAGE_EXPUNGE, Event.FLAG_CHANGE),
                        List.of(new FetchItem.UniqueId(), new FetchItem.MessageFlags()),
                        false),
                    group(new NotifyGroup.Inboxes(), Set.of()),
                    group(
                        new NotifyGroup.Personal(),
                        Set.of(Event.MAILBOX_NAME, Event.SUBSCRIPTION_CHANGE)),
                    group(new NotifyGroup.Subscribed(), MESSAGES),
                    group(
                        new NotifyGroup.Subtree(List.of("INBOX")),
                        Set.of(Event.MAILBOX_METADATA_CHANGE)),
                    group(
                        new NotifyGroup.Mailboxes(List.of("a b", "INBOX/x")),
                        Set.of(Event.SERVER_METADATA_CHANGE)))));
    assertThat(parse("SET (SELECTED-DELAYED (MessageExpunge MessageNew))").groups())
        .containsExactly(group(new NotifyGroup.Selected(true), MESSAGES));
  }

  @Test
  void eventsThatNobodyKnowsAreNoted() throws Exception {
    assertThat(parse("SET (PERSONAL (AnnotationChange MailboxName))").groups())
        .containsExactly(
            new NotifyGroup(
                new NotifyGroup.Personal(), Set.of(Event.MAILBOX_NAME), List.of(), true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "SOME",
        "SET",
        "SET ()",
        "SET STATUS",
        "SET (PERSONAL)",
        "SET (PERSONAL ())",
        "SET (PERSONAL (MessageNew))",
        "SET (PERSONAL (MessageExpunge))",
        "SET (PERSONAL (FlagChange))",
        "SET (PERSONAL MessageNew)",
        "SET (PERSONAL NONE) ",
        "SET (PERSONAL NONE) x",
        "SET (SELECTED NONE) (SELECTED NONE)",
        "SET (SELECTED (ServerMetadataChange))",
        "SET (SELECTED (MessageNew () MessageExpunge))",
        "SET (MAILBOXES () NONE)",
        "SET (SUBTREE NONE)",
      })
  void refusesWhatBreaksTheGrammar(String text) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOfSatisfying(
            UnacceptableCommandException.class,
            e -> assertThat(e.reply().status()).isEqualTo(ImapReply.Status.BAD));
  }

  @Test
  void refusesMoreThanItHasRoomFor() {
    for (String many :
        List.of(
            "SET" + " (PERSONAL NONE)".repeat(NotifyParser.GROUPS_MAX + 1),
            "SET (MAILBOXES (a" + " a".repeat(NotifyParser.NAMES_MAX) + ") NONE)")) {
      assertThatThrownBy(() -> parse(many))
          .isInstanceOfSatisfying(
              UnacceptableCommandException.class,
              e -> assertThat(e.reply().toString()).contains("LIMIT"));
    }
  }
}
