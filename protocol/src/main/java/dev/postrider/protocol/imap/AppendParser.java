package dev.postrider.protocol.imap;

import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What stands before the octets of a message. RFC 3502, append-message; RFC 3516, literal8; RFC
 * 4469 section 5, append-data; RFC 6855 section 4, utf8-literal.
 */
final class AppendParser {

  private AppendParser() {}

  /** Up to the end of the line, or of a list of parts. */
  static AppendMessage message(CommandScanner in) throws IOException, UnacceptableCommandException {
    in.space();
    List<String> flags = List.of();
    if (in.isNext('(')) {
      flags = new FlagsParser(in).list();
      in.space();
    }
    Optional<OffsetDateTime> date = Optional.empty();
    if (in.isNext('"')) {
      date = Optional.of(ImapDate.parseDateTime(CommandScanner.text(in.string())));
      in.space();
    }
    if (in.isNext('~') || in.isNext('{')) {
      return new AppendMessage(flags, date, octets(in));
    }
    String kind = in.word(Extension.Place.APPEND);
    if (kind.equals("UTF8")) {
      return new AppendMessage(flags, date, utf8Octets(in));
    }
    if (!kind.equals("CATENATE")) {
      throw in.wanted("a literal or CATENATE");
    }
    in.space();
    in.expect('(');
    return new AppendMessage(flags, date, parts(in));
  }

  /** Behind a message: another one, or empty at the end of the command. */
  static Optional<AppendMessage> next(CommandScanner in)
      throws IOException, UnacceptableCommandException {
    if (!in.speaks(Extension.MULTIAPPEND)) {
      in.end();
    }
    return in.isEnd() ? Optional.empty() : Optional.of(message(in));
  }

  /** Of the line behind the octets of a part: more of them, or the end of the list. */
  static AppendParts nextParts(CommandScanner in) throws IOException, UnacceptableCommandException {
    if (in.take(')')) {
      return new AppendParts(List.of(), Optional.empty(), false);
    }
    in.space();
    return parts(in);
  }

  private static AppendParts parts(CommandScanner in)
      throws IOException, UnacceptableCommandException {
    List<String> urls = new ArrayList<>();
    do {
      String kind = in.word(Extension.Place.CATENATE);
      if (kind.equals("TEXT")) {
        in.space();
        return new AppendParts(urls, Optional.of(octets(in)), true);
      }
      if (kind.equals("UTF8")) {
        return new AppendParts(urls, Optional.of(utf8Octets(in)), true);
      }
      if (!kind.equals("URL")) {
        throw in.wanted("TEXT or URL");
      }
      in.space();
      urls.add(url(in));
    } while (in.take(' '));
    in.expect(')');
    return new AppendParts(urls, Optional.empty(), false);
  }

  /** It may have to be said back, which nothing cannot be. */
  private static String url(CommandScanner in) throws IOException, UnacceptableCommandException {
    String url = in.astringText();
    if (url.isEmpty()) {
      throw UnacceptableCommandException.syntax("The URL is empty");
    }
    return url;
  }

  private static LiteralHead octets(CommandScanner in) throws UnacceptableCommandException {
    boolean binary = in.take('~');
    LiteralHead head = in.literalHead();
    return new LiteralHead(head.octets(), head.nonSynchronizing(), binary, false);
  }

  /** The way of clients by RFC 6855; those by RFC 9755 announce such octets like any others. */
  private static LiteralHead utf8Octets(CommandScanner in) throws UnacceptableCommandException {
    in.space();
    in.expect('(');
    in.expect('~');
    LiteralHead head = in.literalHead();
    return new LiteralHead(head.octets(), head.nonSynchronizing(), true, true);
  }
}
