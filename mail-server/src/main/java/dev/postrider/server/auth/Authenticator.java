package dev.postrider.server.auth;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.Account;
import java.net.InetAddress;
import java.time.Duration;

/** Checks names and passwords. */
public interface Authenticator {

  /**
   * @param name address of the account, any case
   * @param password UTF-8 as received; wiped by the caller
   * @param from peer, for throttling
   */
  Outcome authenticate(String name, byte[] password, InetAddress from) throws StoreException;

  /** What came of it. A session tells its peer no more than which of the three it is. */
  sealed interface Outcome {
    record Granted(Account account) implements Outcome {}

    /** Unknown name or wrong password: which of the two is nobody's business. */
    record Denied() implements Outcome {}

    /** Too many failures from there; nothing was checked. */
    record Throttled(Duration retryAfter) implements Outcome {}
  }
}
