package dev.postrider.storage.messages;

import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Flags of a message: the system flags, and keywords. RFC 3501 section 2.3.2. {@code \Recent} is no
 * flag of a message but of a session, and does not occur here.
 *
 * @param system a bit per {@link SystemFlag}
 * @param keywords compared without regard to case, kept as first written
 */
public record Flags(int system, SortedSet<String> keywords) {

  /** Keywords of one message. */
  public static final int KEYWORDS_MAX = 100;

  /** Octets of one keyword. */
  public static final int KEYWORD_OCTETS_MAX = 255;

  public static final Flags NONE = new Flags(0, new TreeSet<>());

  public Flags {
    TreeSet<String> copy = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    copy.addAll(keywords);
    keywords = Collections.unmodifiableSortedSet(copy);
  }

  public static Flags of(SystemFlag... flags) {
    int bits = 0;
    for (SystemFlag flag : flags) {
      bits |= flag.bit();
    }
    return new Flags(bits, NONE.keywords);
  }

  public static Flags of(Set<SystemFlag> flags, Set<String> keywords) {
    return new Flags(of(flags.toArray(SystemFlag[]::new)).system, new TreeSet<>(keywords));
  }

  public boolean has(SystemFlag flag) {
    return (system & flag.bit()) != 0;
  }

  public boolean has(String keyword) {
    return keywords.contains(keyword);
  }

  public Flags plus(Flags other) {
    if (other.keywords.isEmpty()) {
      return new Flags(system | other.system, keywords);
    }
    TreeSet<String> all = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    all.addAll(keywords);
    all.addAll(other.keywords);
    return new Flags(system | other.system, all);
  }

  public Flags minus(Flags other) {
    TreeSet<String> left = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    left.addAll(keywords);
    left.removeAll(other.keywords);
    return new Flags(system & ~other.system, left);
  }

  /** Lower-case form, by which keywords are compared. */
  public static String fold(String keyword) {
    return keyword.toLowerCase(Locale.ROOT);
  }
}
