package dev.postrider.storage.mailboxes;

import java.util.Arrays;
import java.util.Optional;

/** What a mailbox is for. RFC 6154 section 2. */
public enum SpecialUse {
  ARCHIVE("\\Archive"),
  DRAFTS("\\Drafts"),
  JUNK("\\Junk"),
  SENT("\\Sent"),
  TRASH("\\Trash");

  private final String attribute;

  SpecialUse(String attribute) {
    this.attribute = attribute;
  }

  /** The one with this mailbox attribute, whatever the case of its letters. */
  public static Optional<SpecialUse> of(String attribute) {
    return Arrays.stream(values())
        .filter(use -> use.attribute.equalsIgnoreCase(attribute))
        .findFirst();
  }

  /** The mailbox attribute, with its backslash. */
  public String attribute() {
    return attribute;
  }
}
