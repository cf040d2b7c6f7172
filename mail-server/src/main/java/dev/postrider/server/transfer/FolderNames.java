package dev.postrider.server.transfer;

import dev.postrider.protocol.imap.MailboxName;
import dev.postrider.server.transfer.AccountMail.Folder;
import dev.postrider.storage.mailboxes.SpecialUse;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Names of folders as directories and files have them.
 *
 * <p>What we write is modified UTF-7 (RFC 3501 section 5.1.3) for Maildir, as Dovecot and Courier
 * have it, and UTF-8 for mbox, as Thunderbird has it; a dot that would separate levels or hide the
 * file is {@code &AC4-}. What we read is either: where a run of modified UTF-7 makes no sense, the
 * name stands for itself.
 */
final class FolderNames {

  private static final String DOT = "&AC4-";

  /** What the special folders are called elsewhere, in lower case. */
  private static final Map<SpecialUse, List<String>> ELSEWHERE =
      Map.of(
          SpecialUse.SENT,
          List.of("sent", "sent items", "sent messages", "sent mail", "sent-mail", "sentmail"),
          SpecialUse.TRASH,
          List.of("trash", "deleted items", "deleted messages", "bin", "wastebasket"),
          SpecialUse.JUNK,
          List.of("junk", "junk e-mail", "junk email", "junk mail", "spam", "bulk mail"),
          SpecialUse.DRAFTS,
          List.of("drafts", "draft"),
          SpecialUse.ARCHIVE,
          List.of("archive", "archives"));

  /** Where Gmail puts its own. */
  private static final List<String> ABOVE = List.of("[gmail]/", "[google mail]/");

  private FolderNames() {}

  /** A level as a part of the name of a Maildir++ directory. */
  static String maildirLevel(String level) {
    return MailboxName.encode(level).replace(".", DOT);
  }

  /** A level as the name of a file or directory, which is not hidden. */
  static String fileLevel(String level) {
    String escaped = level.replace("&", "&-");
    boolean taken =
        level.startsWith(".") || level.endsWith(MailTree.BELOW) || level.endsWith(MailTree.INDEX);
    return taken ? escaped.replace(".", DOT) : escaped;
  }

  /** The level that a part of a name on the disk stands for. */
  static String level(String onDisk) {
    StringBuilder name = new StringBuilder(onDisk.length());
    int at = 0;
    while (at < onDisk.length()) {
      int end = onDisk.charAt(at) == '&' ? onDisk.indexOf('-', at) : -1;
      String run = end < 0 ? "" : run(onDisk.substring(at, end + 1));
      if (run.isEmpty()) {
        name.append(onDisk.charAt(at));
        at++;
      } else {
        name.append(run);
        at = end + 1;
      }
    }
    // A name that was a level must not become two.
    return name.toString().replace('/', '_');
  }

  /** What {@code &…-} stands for; empty when it is no run. */
  private static String run(String encoded) {
    return encoded.equals(DOT) ? "." : MailboxName.decode(encoded).orElse("");
  }

  /**
   * Where a folder of elsewhere goes: into the one of that name, else into the one of that use,
   * else into a new one.
   */
  static String target(String name, List<Folder> folders) {
    String canonical = MailboxName.canonical(name);
    if (folders.stream().anyMatch(folder -> folder.name().equals(canonical))) {
      return canonical;
    }
    String plain = canonical.toLowerCase(Locale.ROOT);
    for (String above : ABOVE) {
      plain = plain.startsWith(above) ? plain.substring(above.length()) : plain;
    }
    for (Map.Entry<SpecialUse, List<String>> use : ELSEWHERE.entrySet()) {
      if (use.getValue().contains(plain)) {
        return folders.stream()
            .filter(folder -> folder.specialUse().filter(use.getKey()::equals).isPresent())
            .map(Folder::name)
            .findFirst()
            .orElse(canonical);
      }
    }
    return canonical;
  }
}
