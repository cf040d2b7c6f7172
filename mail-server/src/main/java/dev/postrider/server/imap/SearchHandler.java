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
    @Nullable Message[] messages = mailbox.messages(all);
    int[] found = new int[messages.length];
    int count = 0;
    for (int position : all) {
      Message message = messages[position];
      if (message != null && matcher.matches(position, message)) {
        found[count++] = position;
      }
    }
    ImapWriter writer = session.writer();
    writer.atom("* SEARCH");
    for (int i = 0; i < count; i++) {
      writer.space().number(command.byUid() ? mailbox.uid(found[i]) : found[i] + 1L);
    }
    writer.crlf();
    return ImapReply.ok("Searched");
  }
}
