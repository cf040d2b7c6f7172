package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.ResponseCode;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.SystemFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Flags between the wire and the store. RFC 3501 section 2.3.2. */
final class FlagNames {

  private FlagNames() {}

  /** Flags that a mailbox has: the system flags, and {@code keywords}. */
  static List<String> of(Set<String> keywords) {
    List<String> names = new ArrayList<>();
    for (SystemFlag flag : SystemFlag.values()) {
      names.add(flag.text());
    }
    names.addAll(keywords);
    return names;
  }

  /** Flags of a message, with spaces between. */
  static String of(Flags flags, boolean recent) {
    StringBuilder names = new StringBuilder();
    for (SystemFlag flag : SystemFlag.values()) {
      if (flags.has(flag)) {
        add(names, flag.text());
      }
    }
    if (recent) {
      add(names, "\\Recent");
    }
    flags.keywords().forEach(keyword -> add(names, keyword));
    return names.toString();
  }

  private static void add(StringBuilder names, String name) {
    if (!names.isEmpty()) {
      names.append(' ');
    }
    names.append(name);
  }

  /** The flags that a client names; empty when one begins with a backslash and is none of ours. */
  static Optional<Flags> parse(List<String> names) {
    Set<SystemFlag> system = new TreeSet<>();
    Set<String> keywords = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (String name : names) {
      Optional<SystemFlag> flag = system(name);
      if (flag.isPresent()) {
        system.add(flag.get());
      } else if (name.startsWith("\\")) {
        return Optional.empty();
      } else {
        keywords.add(name);
      }
    }
    return Optional.of(Flags.of(system, keywords));
  }

  static Optional<SystemFlag> system(String name) {
    for (SystemFlag flag : SystemFlag.values()) {
      if (flag.text().equalsIgnoreCase(name)) {
        return Optional.of(flag);
      }
    }
    return Optional.empty();
  }

  static ImapReply unknown() {
    return ImapReply.no(ResponseCode.CANNOT, "Flags with a backslash are those of RFC 3501 alone");
  }
}
