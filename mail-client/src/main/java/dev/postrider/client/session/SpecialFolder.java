package dev.postrider.client.session;

import java.util.List;
import java.util.Locale;

/** Folders with a purpose. RFC 6154 section 2; the names are what servers without it use. */
public enum SpecialFolder {
  SENT("Sent", "Sent Items", "Sent Messages", "Sent Mail"),
  DRAFTS("Drafts"),
  TRASH("Trash", "Deleted Items", "Deleted Messages", "Bin"),
  JUNK("Junk", "Spam", "Junk E-mail"),
  ARCHIVE("Archive", "Archives");

  @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable.
  private final List<String> usualNames;

  SpecialFolder(String... usualNames) {
    this.usualNames = List.of(usualNames);
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  String attribute() {
    return "\\" + word();
  }

  boolean isUsualName(FolderInfo folder) {
    String name = folder.name();
    String prefix = "INBOX" + folder.separator();
    String leaf = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    return usualNames.stream().anyMatch(leaf::equalsIgnoreCase);
  }
}
