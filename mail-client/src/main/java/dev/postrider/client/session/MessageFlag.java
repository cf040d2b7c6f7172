package dev.postrider.client.session;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import jakarta.mail.Flags;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Flags as users and servers write them. RFC 9051 section 2.3.2. */
public final class MessageFlag {
  private static final Map<String, String> SYSTEM =
      Map.of(
          "seen", "\\Seen",
          "read", "\\Seen",
          "answered", "\\Answered",
          "flagged", "\\Flagged",
          "starred", "\\Flagged",
          "deleted", "\\Deleted",
          "draft", "\\Draft");

  private MessageFlag() {}

  /** {@code seen} becomes {@code \Seen}; any other atom is a keyword and stays as it is. */
  public static String parse(String word) throws MailFailure {
    String bare = word.startsWith("\\") ? word.substring(1) : word;
    String system = SYSTEM.get(bare.toLowerCase(Locale.ROOT));
    if (system != null) {
      return system;
    }
    if (word.startsWith("\\") || !word.matches("[!#$&'+,\\-./0-9:;<=>?@A-Z^_`a-z|}~]+")) {
      throw new MailFailure(
          ExitCode.USAGE,
          "\"" + word + "\" is no flag",
          "flags are seen, answered, flagged, deleted, draft, or a keyword such as $Forwarded");
    }
    return word;
  }

  static Optional<String> ofJakarta(Flags.Flag flag) {
    if (flag == Flags.Flag.SEEN) {
      return Optional.of("\\Seen");
    }
    if (flag == Flags.Flag.ANSWERED) {
      return Optional.of("\\Answered");
    }
    if (flag == Flags.Flag.FLAGGED) {
      return Optional.of("\\Flagged");
    }
    if (flag == Flags.Flag.DELETED) {
      return Optional.of("\\Deleted");
    }
    if (flag == Flags.Flag.DRAFT) {
      return Optional.of("\\Draft");
    }
    return flag == Flags.Flag.RECENT ? Optional.of("\\Recent") : Optional.empty();
  }
}
