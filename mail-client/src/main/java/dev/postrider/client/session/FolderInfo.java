package dev.postrider.client.session;

import java.util.Set;

/**
 * A folder as LIST shows it.
 *
 * @param name in Unicode, with the server's hierarchy separator
 * @param separator between levels; NUL when the server has a flat list
 * @param attributes in lower case, such as {@code \sent}
 * @param subscribed whether clients are asked to show it
 */
public record FolderInfo(String name, char separator, Set<String> attributes, boolean subscribed) {

  public FolderInfo {
    attributes = Set.copyOf(attributes);
  }

  public boolean selectable() {
    return !attributes.contains("\\noselect") && !attributes.contains("\\nonexistent");
  }

  /** What the folder is for: {@code sent}, {@code drafts}… or empty. RFC 6154 section 2. */
  public String use() {
    for (SpecialFolder special : SpecialFolder.values()) {
      if (attributes.contains(special.attribute())) {
        return special.word();
      }
    }
    return "";
  }
}
