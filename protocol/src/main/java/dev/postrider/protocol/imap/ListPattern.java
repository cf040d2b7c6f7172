package dev.postrider.protocol.imap;

import java.util.BitSet;

/**
 * A mailbox name with wildcards: {@code *} stands for anything, {@code %} for anything within a
 * level. RFC 3501 section 6.3.8.
 *
 * <p>The first level of a name is compared without regard to case where it is INBOX. The time is
 * bounded by the product of the two lengths, whatever the pattern.
 */
public record ListPattern(String pattern) {

  /** Whether {@code name}, in Unicode, matches. */
  public boolean matches(String name) {
    boolean inbox = isInbox(name);
    BitSet positions = new BitSet(pattern.length() + 1);
    positions.set(0);
    skipWildcards(positions);
    for (int at = 0; at < name.length() && !positions.isEmpty(); at++) {
      boolean anyCase = inbox && at < MailboxName.INBOX.length();
      positions = step(positions, name.charAt(at), anyCase);
    }
    return positions.get(pattern.length());
  }

  private BitSet step(BitSet positions, char c, boolean anyCase) {
    BitSet next = new BitSet(pattern.length() + 1);
    for (int p = positions.nextSetBit(0);
        p >= 0 && p < pattern.length();
        p = positions.nextSetBit(p + 1)) {
      char wanted = pattern.charAt(p);
      if (wanted == '*' || (wanted == '%' && c != MailboxName.SEPARATOR)) {
        next.set(p);
      } else if (wanted != '%' && isSame(wanted, c, anyCase)) {
        next.set(p + 1);
      }
    }
    skipWildcards(next);
    return next;
  }

  /** A wildcard may stand for nothing. */
  private void skipWildcards(BitSet positions) {
    for (int p = positions.nextSetBit(0);
        p >= 0 && p < pattern.length();
        p = positions.nextSetBit(p + 1)) {
      if (pattern.charAt(p) == '*' || pattern.charAt(p) == '%') {
        positions.set(p + 1);
      }
    }
  }

  private static boolean isSame(char a, char b, boolean anyCase) {
    return a == b || (anyCase && Character.toUpperCase(a) == b);
  }

  private static boolean isInbox(String name) {
    return name.equals(MailboxName.INBOX)
        || name.startsWith(MailboxName.INBOX + MailboxName.SEPARATOR);
  }
}
