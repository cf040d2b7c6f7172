package dev.postrider.protocol.imap;

import java.util.ArrayList;
import java.util.List;

/** Flags of messages, without {@code \Recent}: {@link Leniency#RECENT_IN_FLAGS}. */
final class FlagsParser {

  /** Flags in one list. A message has no more keywords than that either. */
  private static final int FLAGS_MAX = 200;

  private final CommandScanner in;

  FlagsParser(CommandScanner in) {
    this.in = in;
  }

  /** Flags in parentheses. */
  List<String> list() throws UnacceptableCommandException {
    List<String> flags = new ArrayList<>();
    in.expect('(');
    if (!in.take(')')) {
      do {
        add(flags);
      } while (in.take(' '));
      in.expect(')');
    }
    return flags;
  }

  /** Flags in parentheses or bare, as STORE takes them. */
  List<String> ofStore() throws UnacceptableCommandException {
    if (in.isNext('(')) {
      return list();
    }
    List<String> flags = new ArrayList<>();
    do {
      add(flags);
    } while (in.isFlagBehindSpace() && in.take(' '));
    return flags;
  }

  private void add(List<String> flags) throws UnacceptableCommandException {
    String flag = in.take('\\') ? "\\" + in.atom() : in.atom();
    if (flags.size() == FLAGS_MAX) {
      throw new UnacceptableCommandException(
          ImapReply.no(ResponseCode.LIMIT, "More than " + FLAGS_MAX + " flags"));
    }
    if (!flag.equalsIgnoreCase("\\Recent")) {
      flags.add(flag);
    }
  }
}
