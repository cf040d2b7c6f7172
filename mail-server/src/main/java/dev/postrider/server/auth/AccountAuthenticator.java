package dev.postrider.server.auth;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.server.config.LimitsConfig;
import dev.postrider.server.net.ClientNetwork;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.Account;
import dev.postrider.storage.accounts.Accounts;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Checks passwords against the accounts.
 *
 * <p>The order matters. First the network's failures, which cost nothing to look up; then the
 * passwords that were right a moment ago, so that the owner of an account gets in while somebody
 * else guesses at it; then the delay of the name; and only then the hash, which is what a flood of
 * logins would like us to compute. It is computed for a name that does not exist as well, so that
 * time does not tell, and by no more threads at once than leave a core to everybody else.
 */
public final class AccountAuthenticator implements Authenticator {

  /** Longer passwords are wrong without a look: hashing is not free of their length. */
  static final int PASSWORD_OCTETS_MAX = 1024;

  /** How long a login waits for its turn to be hashed. */
  private static final Duration QUEUE_TIME_MAX = Duration.ofSeconds(10);

  private static final Duration RETRY_WHEN_BUSY = Duration.ofSeconds(5);

  private final Accounts accounts;
  private final List<String> domains;
  private final InstantSource clock;
  private final LoginThrottle throttle;
  private final VerifiedPasswords verified = new VerifiedPasswords();
  private final Semaphore hashing =
      new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() - 1), true);
  private final PasswordHash nobody = PasswordHash.ofNobody();

  public AccountAuthenticator(
      Accounts accounts, List<String> domains, LimitsConfig limits, InstantSource clock) {
    this.accounts = accounts;
    this.domains = List.copyOf(domains);
    this.clock = clock;
    this.throttle = new LoginThrottle(limits.failedLoginsPerAddress());
  }

  @Override
  public Outcome authenticate(String name, byte[] password, InetAddress from)
      throws StoreException {
    Instant now = clock.instant();
    ClientNetwork network = ClientNetwork.of(from);
    Optional<Duration> wait = throttle.network(network, now);
    if (wait.isPresent()) {
      return new Outcome.Throttled(wait.get());
    }
    Optional<Account> account = find(name);
    if (account.isPresent() && verified.contains(account.get(), password, now)) {
      return new Outcome.Granted(account.get());
    }
    String folded = account.map(a -> a.address().toString()).orElse(name).toLowerCase(Locale.ROOT);
    wait = throttle.name(folded, now);
    if (wait.isPresent()) {
      return new Outcome.Throttled(wait.get());
    }
    Optional<Boolean> matches = matches(account, password);
    if (matches.isEmpty()) {
      return new Outcome.Throttled(RETRY_WHEN_BUSY);
    }
    if (account.isPresent() && matches.get()) {
      throttle.succeeded(folded);
      verified.add(account.get(), password, now);
      return new Outcome.Granted(account.get());
    }
    throttle.failed(folded, network, now);
    return new Outcome.Denied();
  }

  /** A name without a domain is one of our first domain: some clients cut it off. */
  private Optional<Account> find(String name) throws StoreException {
    boolean whole = name.indexOf('@') >= 0 || domains.isEmpty();
    Optional<MailAddress> address =
        MailAddress.parse(whole ? name : name + "@" + domains.getFirst());
    return address.isEmpty() ? Optional.empty() : accounts.find(address.get());
  }

  /** Empty: too many others wait to be hashed. */
  private Optional<Boolean> matches(Optional<Account> account, byte[] password) {
    PasswordHash stored = account.flatMap(a -> PasswordHash.parse(a.credential())).orElse(nobody);
    if (!takeTurn()) {
      return Optional.empty();
    }
    try {
      boolean same = password.length <= PASSWORD_OCTETS_MAX && stored.matches(password);
      return Optional.of(same && stored != nobody);
    } finally {
      hashing.release();
    }
  }

  private boolean takeTurn() {
    try {
      return hashing.tryAcquire(QUEUE_TIME_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      // Nobody interrupts sessions; if somebody does, this login is over.
      return false;
    }
  }
}
