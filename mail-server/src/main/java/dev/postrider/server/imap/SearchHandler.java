package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.ImapWriter;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.Message;
import java.io.IOException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** RFC 3501 section 6.4.4. The response comes even when nothing was found. */
final class SearchHandler implements CommandHandler<ImapCommand.Search> {

  @Override
  public ImapReply handle(ImapCommand.Search command, ImapSession session)
      throws IOException, StoreException {
    SelectedMailbox mailbox = session.mailbox();
    SearchMatcher matcher = new SearchMatcher(session.services(), mailbox, command.key());
    int[] all = IntStream.range(0, mailbox.count()).toArray();
    int[] found = new int[all.length];
    int[] count = {0};
    Pieces.of(
        all,
        some -> {
          @Nullable Message[] messages = mailbox.messages(some);
          for (int i = 0; i < some.length; i++) {
            Message message = messages[i];
            if (message != null && matcher.matches(some[i], message)) {
              found[count[0]++] = some[i];
            }
          }
        });
    ImapWriter writer = session.writer();
    writer.atom("* SEARCH");
    for (int i = 0; i < count[0]; i++) {
      writer.space().number(command.byUid() ? mailbox.uid(found[i]) : found[i] + 1L);
    }
    writer.crlf();
    return ImapReply.ok("Searched");
  }
}
