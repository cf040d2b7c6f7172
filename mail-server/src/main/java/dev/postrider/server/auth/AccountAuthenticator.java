package dev.postrider.server.auth;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.protocol.sasl.SaslMechanism;
import dev.postrider.protocol.sasl.SaslStep;
import dev.postrider.protocol.sasl.ScramHash;
import dev.postrider.protocol.sasl.ScramKeys;
import dev.postrider.server.config.AuthConfig;
import dev.postrider.server.config.LimitsConfig;
import dev.postrider.server.http.Fetch;
import dev.postrider.server.net.ClientNetwork;
import dev.postrider.server.net.Connection;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.Account;
import dev.postrider.storage.accounts.Accounts;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks passwords, and proofs of them, against the accounts.
 *
 * <p>The order matters. First the network's failures, which cost nothing to look up; then the
 * passwords that were right a moment ago, so that the owner of an account gets in while somebody
 * else guesses at it; then the delay of the name; and only then the hash, which is what a flood of
 * logins would like us to compute. It is computed for a name that does not exist as well, so that
 * time does not tell, and by no more threads at once than leave a core to everybody else.
 */
public final class AccountAuthenticator implements Authenticator {

  private static final Logger log = LoggerFactory.getLogger(AccountAuthenticator.class);

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
  private final Strangers strangers;
  private final Set<ScramHash> scram;
  private final Offers offers;
  private final Optional<Tokens> tokens;

  /** With the usual settings, and salts of names without an account that are forgotten. */
  public AccountAuthenticator(
      Accounts accounts, List<String> domains, LimitsConfig limits, InstantSource clock) {
    this(accounts, domains, limits, AuthConfig.DEFAULTS, Strangers.ofChance(), clock);
  }

  AccountAuthenticator(
      Accounts accounts,
      List<String> domains,
      LimitsConfig limits,
      AuthConfig auth,
      Strangers strangers,
      InstantSource clock) {
    this.accounts = accounts;
    this.domains = List.copyOf(domains);
    this.clock = clock;
    this.throttle = new LoginThrottle(limits.failedLoginsPerAddress());
    this.strangers = strangers;
    this.scram = auth.scram();
    this.offers = new Offers(auth, accounts, clock);
    this.tokens =
        auth.oauth().map(oauth -> new Tokens(oauth, new Fetch(Tokens.ANSWER_TIME_MAX), clock));
  }

  @Override
  public List<SaslMechanism> mechanisms(Connection connection) {
    return offers.on(connection);
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
    String folded = folded(name);
    wait = throttle.name(folded, now);
    if (wait.isPresent()) {
      return new Outcome.Throttled(wait.get());
    }
    if (!takeTurn()) {
      return new Outcome.Throttled(RETRY_WHEN_BUSY);
    }
    try {
      if (matches(account, password) && account.isPresent()) {
        throttle.succeeded(folded);
        Account current = withKeys(account.get(), password);
        verified.add(current, password, now);
        return new Outcome.Granted(current);
      }
    } finally {
      hashing.release();
    }
    throttle.failed(folded, network, now);
    return new Outcome.Denied();
  }

  @Override
  public ScramKeys scramKeys(String name, ScramHash hash) throws StoreException {
    ScramKeys unknown = strangers.keys(folded(name), hash);
    return find(name)
        .flatMap(account -> Credential.parse(account.credential()).keys(hash))
        .orElse(unknown);
  }

  /**
   * As for a password, but that looking at the proof costs nothing: the names of those who are
   * known to have proved it a moment ago are not delayed.
   */
  @Override
  public Outcome authenticate(SaslStep.ScramProof proof, InetAddress from) throws StoreException {
    Instant now = clock.instant();
    ClientNetwork network = ClientNetwork.of(from);
    Optional<Duration> wait = throttle.network(network, now);
    if (wait.isPresent()) {
      return new Outcome.Throttled(wait.get());
    }
    String folded = folded(proof.user());
    // Whose password was changed since the keys were shown has to prove the new one.
    Optional<Account> prover = find(proof.user()).filter(account -> isProved(account, proof));
    byte[] key = remembered(proof);
    if (prover.isPresent() && verified.contains(prover.get(), key, now)) {
      return new Outcome.Granted(prover.get());
    }
    wait = throttle.name(folded, now);
    if (wait.isPresent()) {
      return new Outcome.Throttled(wait.get());
    }
    if (prover.isEmpty()) {
      throttle.failed(folded, network, now);
      return new Outcome.Denied();
    }
    throttle.succeeded(folded);
    verified.add(prover.get(), key, now);
    return new Outcome.Granted(prover.get());
  }

  /** What no password is: it begins with an octet that UTF-8 does not have. */
  private static byte[] remembered(SaslStep.ScramProof proof) {
    byte[] key = proof.clientKey().toByteArray();
    return ByteBuffer.allocate(2 + key.length)
        .put((byte) 0xFF)
        .put((byte) proof.hash().octets())
        .put(key)
        .array();
  }

  @Override
  public Outcome authenticate(List<String> names, Optional<String> wanted, InetAddress from)
      throws StoreException {
    Instant now = clock.instant();
    ClientNetwork network = ClientNetwork.of(from);
    Optional<Duration> wait = throttle.network(network, now);
    if (wait.isPresent()) {
      return new Outcome.Throttled(wait.get());
    }
    for (String name : names) {
      Optional<Account> account = find(name);
      if (account.isPresent() && wanted.map(w -> folded(w).equals(folded(name))).orElse(true)) {
        return new Outcome.Granted(account.get());
      }
    }
    throttle.failed(network, now);
    return new Outcome.Denied();
  }

  @Override
  public Outcome authenticate(SaslStep.Bearer bearer, InetAddress from) throws StoreException {
    Instant now = clock.instant();
    ClientNetwork network = ClientNetwork.of(from);
    Optional<Duration> wait = throttle.network(network, now);
    if (wait.isPresent()) {
      return new Outcome.Throttled(wait.get());
    }
    Tokens known = tokens.orElseThrow();
    String why;
    switch (known.check(bearer.token())) {
      case TokenVerdict.Good good -> {
        Optional<String> name = known.account(good.claims());
        Optional<Account> account = name.isPresent() ? find(name.get()) : Optional.empty();
        String wanted = folded(bearer.wanted().or(() -> name).orElse(""));
        if (account.isPresent() && wanted.equals(folded(name.orElse("")))) {
          return new Outcome.Granted(account.get());
        }
        why = "it is of " + name.orElse("nobody");
      }
      case TokenVerdict.Bad bad -> why = bad.why();
      case TokenVerdict.Unknown unknown -> {
        log.warn("auth.token-unchecked cause=\"{}\"", unknown.why());
        return new Outcome.Unavailable();
      }
    }
    log.info(
        "auth.token-refused remote={} wanted={} cause=\"{}\"",
        from.getHostAddress(),
        bearer.wanted().orElse("-"),
        why);
    throttle.failed(network, now);
    return new Outcome.Denied();
  }

  @Override
  public TokenHint tokenHint() {
    return tokens.map(Tokens::hint).orElse(TokenHint.NONE);
  }

  private static boolean isProved(Account account, SaslStep.ScramProof proof) {
    return Credential.parse(account.credential())
        .keys(proof.hash())
        .filter(proof.keys()::equals)
        .filter(keys -> keys.areOf(proof.hash(), proof.clientKey()))
        .isPresent();
  }

  /** A name without a domain is one of our first domain: some clients cut it off. */
  private Optional<MailAddress> address(String name) {
    boolean whole = name.indexOf('@') >= 0 || domains.isEmpty();
    return MailAddress.parse(whole ? name : name + "@" + domains.getFirst());
  }

  private Optional<Account> find(String name) throws StoreException {
    Optional<MailAddress> address = address(name);
    return address.isEmpty() ? Optional.empty() : accounts.find(address.get());
  }

  /** The same for all ways to write a name, whether it is one of an account or not. */
  private String folded(String name) {
    return address(name).map(MailAddress::toString).orElse(name).toLowerCase(Locale.ROOT);
  }

  private boolean matches(Optional<Account> account, byte[] password) {
    PasswordHash stored =
        account.flatMap(a -> Credential.parse(a.credential()).hash()).orElse(nobody);
    boolean same = password.length <= PASSWORD_OCTETS_MAX && stored.matches(password);
    return same && stored != nobody;
  }

  /**
   * Makes the keys for SCRAM that the account lacks: this is the moment at which its password is
   * known. Whoever changes the password meanwhile wins.
   */
  private Account withKeys(Account account, byte[] password) {
    Credential had = Credential.parse(account.credential());
    Credential has = had.with(scram, password);
    if (has == had) {
      return account;
    }
    try {
      String replacement = has.toString();
      if (accounts.replaceCredential(account.id(), account.credential(), replacement)) {
        log.info("auth.keys-made account={}", account.address());
        return new Account(account.id(), account.address(), replacement, account.quota());
      }
    } catch (StoreException e) {
      log.warn("auth.keys-not-kept account={} cause=\"{}\"", account.address(), e.getMessage());
    }
    return account;
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
