package dev.postrider.server.auth;

import dev.postrider.protocol.sasl.SaslMechanism;
import dev.postrider.protocol.sasl.ScramHash;
import dev.postrider.server.config.AuthConfig;
import dev.postrider.server.net.Connection;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.Accounts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which mechanisms are offered where.
 *
 * <p>A client takes the best one that is offered, and most of them take no other when it fails. So
 * where the operator has not chosen, SCRAM is offered only while every account has keys for it:
 * whether that is so is asked again from time to time, by one session while the others take what
 * was so before. The variants that are bound to the connection are offered only where the operator
 * names them: mutt takes one for submission without being able to bind, and then gives up. Threads:
 * any.
 */
final class Offers {

  private static final Logger log = LoggerFactory.getLogger(Offers.class);

  /** After an account was found without keys: it gets them with its next login by password. */
  static final Duration ASKED_AGAIN = Duration.ofMinutes(1);

  /** After none was: only a server that is set otherwise brings one. */
  static final Duration BELIEVED = Duration.ofMinutes(10);

  private final AuthConfig config;
  private final Accounts accounts;
  private final InstantSource clock;
  private final ReentrantLock asking = new ReentrantLock();
  private volatile Set<ScramHash> everybodyHas = Set.of();
  private volatile Instant askAgain = Instant.MIN;

  Offers(AuthConfig config, Accounts accounts, InstantSource clock) {
    this.config = config;
    this.accounts = accounts;
    this.clock = clock;
  }

  /** Best first; none on a connection that is not encrypted. */
  List<SaslMechanism> on(Connection connection) {
    if (connection.tls().isEmpty()) {
      return List.of();
    }
    List<SaslMechanism> chosen = config.mechanisms().orElseGet(this::usable);
    return chosen.stream()
        .filter(one -> !one.isBound() || connection.isBindable())
        .filter(one -> !one.isOfTokens() || config.oauth().isPresent())
        .filter(one -> one != SaslMechanism.EXTERNAL || !connection.certifiedNames().isEmpty())
        .toList();
  }

  private List<SaslMechanism> usable() {
    Set<ScramHash> everybody = everybodyHas();
    return Arrays.stream(SaslMechanism.values())
        .filter(one -> !one.isBound() && one.scram().map(everybody::contains).orElse(true))
        .toList();
  }

  private Set<ScramHash> everybodyHas() {
    Instant now = clock.instant();
    if (!now.isBefore(askAgain) && asking.tryLock()) {
      try {
        Set<ScramHash> found = EnumSet.noneOf(ScramHash.class);
        for (ScramHash hash : ScramHash.values()) {
          if (accounts.isInEveryCredential(Credential.markOf(hash))) {
            found.add(hash);
          }
        }
        boolean all = found.size() == ScramHash.values().length;
        everybodyHas = Set.copyOf(found);
        askAgain = now.plus(all ? BELIEVED : ASKED_AGAIN);
      } catch (StoreException e) {
        askAgain = now.plus(ASKED_AGAIN);
        log.warn("auth.keys-unknown cause=\"{}\"", e.getMessage());
      } finally {
        asking.unlock();
      }
    }
    return everybodyHas;
  }
}
