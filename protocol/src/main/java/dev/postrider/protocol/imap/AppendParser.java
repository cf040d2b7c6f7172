package dev.postrider.protocol.imap;

import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** What stands before the octets of a message. RFC 3502, append-message; RFC 3516, literal8. */
final class AppendParser {

  private AppendParser() {}

  /** Up to the end of the line. */
  static AppendMessage message(CommandScanner in) throws IOException, UnacceptableCommandException {
    in.space();
    List<String> flags = List.of();
    if (in.isNext('(')) {
      flags = in.flagList();
      in.space();
    }
    Optional<OffsetDateTime> date = Optional.empty();
    if (in.isNext('"')) {
      date = Optional.of(ImapDate.parseDateTime(CommandScanner.text(in.string())));
      in.space();
    }
    boolean binary = in.take('~');
    LiteralHead head = in.literalHead();
    return new AppendMessage(
        flags, date, new LiteralHead(head.octets(), head.nonSynchronizing(), binary));
  }

  /** Of the line behind a message: another one, or empty at the end of the command. */
  static Optional<AppendMessage> next(CommandScanner in)
      throws IOException, UnacceptableCommandException {
    return in.isEnd() ? Optional.empty() : Optional.of(message(in));
  }
}
