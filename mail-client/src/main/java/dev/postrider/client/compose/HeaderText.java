package dev.postrider.client.compose;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import dev.postrider.client.session.Headers;
import java.util.Locale;
import java.util.Set;

/**
 * Text that goes into a header. A line break in it would start another field, or the body, which
 * the sender did not mean to write: it is refused, never repaired.
 */
public final class HeaderText {
  /** Fields the client writes itself, from flags of their own. */
  private static final Set<String> OWN =
      Set.of(
          "from",
          "sender",
          "to",
          "cc",
          "bcc",
          "subject",
          "date",
          "message-id",
          "mime-version",
          "content-type",
          "content-transfer-encoding",
          "content-disposition",
          "in-reply-to",
          "references");

  private HeaderText() {}

  public static String requireOneLine(String what, String text) throws MailFailure {
    if (text.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
      throw new MailFailure(
          ExitCode.USAGE, what + " has a line break in it", "header fields are single lines");
    }
    return text;
  }

  /** {@code Name: value} as typed after {@code --header}. */
  public static Headers.Field field(String typed) throws MailFailure {
    requireOneLine("a header field", typed);
    int colon = typed.indexOf(':');
    String name = colon < 0 ? "" : typed.substring(0, colon).strip();
    // RFC 5322 section 2.2: printable ASCII without the colon.
    if (!name.matches("[!-9;-~]+")) {
      throw new MailFailure(
          ExitCode.USAGE, "\"" + typed + "\" is no header field", "write it as \"Name: value\"");
    }
    if (OWN.contains(name.toLowerCase(Locale.ROOT))) {
      throw new MailFailure(
          ExitCode.USAGE,
          "the field " + name + " has a flag of its own",
          "see postrider send --help");
    }
    return new Headers.Field(name, typed.substring(colon + 1).strip());
  }
}
