package dev.postrider.server.smtp;

import dev.postrider.storage.accounts.AccountId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * How many recipients an account may send to in an hour: what a stolen password can do. Each
 * recipient that is accepted counts, whether a message follows or not. The count of an account
 * starts anew an hour after its first recipient. Threads: any.
 */
final class SendingRate {

  private static final Duration PERIOD = Duration.ofHours(1);

  private static final class Count {
    private Instant since;
    private int recipients;

    Count(Instant since) {
      this.since = since;
    }
  }

  private final int recipientsPerHour;

  /** At most as many as there are accounts. */
  private final Map<AccountId, Count> counts = new HashMap<>();

  SendingRate(int recipientsPerHour) {
    this.recipientsPerHour = recipientsPerHour;
  }

  /** Whether there is room for one more, which is taken then. */
  synchronized boolean take(AccountId account, Instant now) {
    Count count = counts.computeIfAbsent(account, a -> new Count(now));
    if (!now.isBefore(count.since.plus(PERIOD))) {
      count.since = now;
      count.recipients = 0;
    }
    if (count.recipients >= recipientsPerHour) {
      return false;
    }
    count.recipients++;
    return true;
  }
}
