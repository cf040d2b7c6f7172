package dev.postrider.server.config;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.protocol.imap.Extension;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * How IMAP is spoken.
 *
 * @param without extensions that no client may use
 * @param withoutFor more of them, which the clients of an account may not use; one for each account
 * @param messageLimit how many messages a command may be about; 0 for any number. RFC 9738
 * @param idleWord after how long a client in IDLE is sent a word when there is nothing to tell
 */
public record ImapConfig(
    Set<Extension> without, List<AccountWithout> withoutFor, int messageLimit, Duration idleWord) {

  public static final ImapConfig DEFAULTS =
      new ImapConfig(Set.of(), List.of(), 0, Duration.ofMinutes(4));

  public ImapConfig {
    without = Set.copyOf(without);
    withoutFor = List.copyOf(withoutFor);
  }

  public ImapConfig withMessageLimit(int other) {
    return new ImapConfig(without, withoutFor, other, idleWord);
  }

  public ImapConfig withIdleWord(Duration other) {
    return new ImapConfig(without, withoutFor, messageLimit, other);
  }

  /** What the clients of {@code account} may not use, besides what nobody may. */
  public record AccountWithout(MailAddress account, Set<Extension> without) {
    public AccountWithout {
      without = Set.copyOf(without);
    }
  }

  /** What is left before anybody has logged in. */
  public Set<Extension> spoken() {
    return Extension.allBut(off());
  }

  private Set<Extension> off() {
    EnumSet<Extension> off = EnumSet.noneOf(Extension.class);
    off.addAll(without);
    if (messageLimit == 0) {
      off.add(Extension.MESSAGELIMIT);
    }
    return off;
  }

  /** What is left to the clients of {@code account}. */
  public Set<Extension> spokenWith(MailAddress account) {
    Set<Extension> off = off();
    for (AccountWithout one : withoutFor) {
      if (one.account().equalsIgnoringCase(account)) {
        off.addAll(one.without());
      }
    }
    return Extension.allBut(off);
  }
}
