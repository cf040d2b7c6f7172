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
 * @param idleWord after how long a client in IDLE is sent a word when there is nothing to tell
 */
public record ImapConfig(
    Set<Extension> without, List<AccountWithout> withoutFor, Duration idleWord) {

  public static final ImapConfig DEFAULTS =
      new ImapConfig(Set.of(), List.of(), Duration.ofMinutes(4));

  public ImapConfig {
    without = Set.copyOf(without);
    withoutFor = List.copyOf(withoutFor);
  }

  public ImapConfig withIdleWord(Duration other) {
    return new ImapConfig(without, withoutFor, other);
  }

  /** What the clients of {@code account} may not use, besides what nobody may. */
  public record AccountWithout(MailAddress account, Set<Extension> without) {
    public AccountWithout {
      without = Set.copyOf(without);
    }
  }

  /** What is left before anybody has logged in. */
  public Set<Extension> spoken() {
    return Extension.allBut(without);
  }

  /** What is left to the clients of {@code account}. */
  public Set<Extension> spokenWith(MailAddress account) {
    EnumSet<Extension> off = EnumSet.noneOf(Extension.class);
    off.addAll(without);
    for (AccountWithout one : withoutFor) {
      if (one.account().equalsIgnoringCase(account)) {
        off.addAll(one.without());
      }
    }
    return Extension.allBut(off);
  }
}
