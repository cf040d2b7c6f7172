package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who is who. RFC 2971. */
final class IdHandler implements CommandHandler<ImapCommand.Id> {

  private static final int LOGGED_CHARS_MAX = 60;

  private static final Logger log = LoggerFactory.getLogger(IdHandler.class);

  @Override
  public ImapReply handle(ImapCommand.Id command, ImapSession session) throws IOException {
    log.info(
        "imap.client session={} name=\"{}\" version=\"{}\"",
        session.connection().id(),
        printable(command.fields().getOrDefault("name", "")),
        printable(command.fields().getOrDefault("version", "")));
    session.writer().untagged("ID (\"name\" \"Postrider\")");
    return ImapReply.ok("Pleased to meet you");
  }

  /** Nothing that could forge a line or a field of the log. */
  private static String printable(String text) {
    String clean = text.replaceAll("[^\\x20-\\x7e]|[\"=\\\\]", "?");
    return clean.substring(0, Math.min(clean.length(), LOGGED_CHARS_MAX));
  }
}
