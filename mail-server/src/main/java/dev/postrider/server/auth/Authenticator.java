package dev.postrider.server.auth;

import dev.postrider.protocol.sasl.SaslMechanism;
import dev.postrider.protocol.sasl.SaslStep;
import dev.postrider.protocol.sasl.ScramHash;
import dev.postrider.protocol.sasl.ScramKeys;
import dev.postrider.server.net.Connection;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.Account;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Checks names and passwords, and says in which ways it does. */
public interface Authenticator {

  /**
   * @param name address of the account, any case
   * @param password UTF-8 as received; wiped by the caller
   * @param from peer, for throttling
   */
  Outcome authenticate(String name, byte[] password, InetAddress from) throws StoreException;

  /** Mechanisms that can be used on a connection, best first; none where it is not encrypted. */
  List<SaslMechanism> mechanisms(Connection connection);

  /**
   * What a client that calls itself {@code name} is to prove that it knows the password of; where
   * there is no such account, or none with keys, something that looks like it.
   */
  ScramKeys scramKeys(String name, ScramHash hash) throws StoreException;

  /** {@code proof}: of keys from {@link #scramKeys}; {@code from}: peer, for throttling. */
  Outcome authenticate(SaslStep.ScramProof proof, InetAddress from) throws StoreException;

  /**
   * Lets in the holder of a certificate.
   *
   * @param names that it is called by, as the certificate has them
   * @param wanted the account that it wants; empty: the first of the names that is one
   * @param from peer, for throttling
   */
  Outcome authenticate(List<String> names, Optional<String> wanted, InetAddress from)
      throws StoreException;

  /**
   * Lets in the holder of a token.
   *
   * @param bearer the token, and the account that its holder says it wants
   * @param from peer, for throttling
   */
  Outcome authenticate(SaslStep.Bearer bearer, InetAddress from) throws StoreException;

  /** What whoever has no good token is told. */
  TokenHint tokenHint();

  /**
   * How to get a good token.
   *
   * @param scope that it needs, if it needs one
   * @param configuration an address, if there is one. RFC 7628 section 3.2.2
   */
  record TokenHint(Optional<String> scope, Optional<String> configuration) {
    public static final TokenHint NONE = new TokenHint(Optional.empty(), Optional.empty());
  }

  /** What came of it. A session tells its peer no more than which of them it is. */
  sealed interface Outcome {
    record Granted(Account account) implements Outcome {}

    /** Unknown name or wrong password: which of the two is nobody's business. */
    record Denied() implements Outcome {}

    /** Whoever has to be asked does not answer; nothing was checked. */
    record Unavailable() implements Outcome {}

    /** Too many failures from there; nothing was checked. */
    record Throttled(Duration retryAfter) implements Outcome {}
  }
}
