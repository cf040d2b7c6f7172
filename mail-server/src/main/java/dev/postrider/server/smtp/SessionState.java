package dev.postrider.server.smtp;

import dev.postrider.server.config.ListenerKind;
import dev.postrider.server.net.Connection;
import dev.postrider.storage.accounts.Account;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a session knows of its peer. After the TLS handshake it knows nothing any more that was said
 * in the clear (RFC 3207 section 4.2).
 */
final class SessionState {

  /** What the peer called itself, and whether by EHLO. */
  record Hello(String name, boolean extended) {}

  private final Connection connection;
  private final ListenerKind kind;
  private @Nullable Hello hello;
  private @Nullable Account account;
  private @Nullable Transaction transaction;
  private int transactions;
  private int failedLogins;

  SessionState(Connection connection, ListenerKind kind) {
    this.connection = connection;
    this.kind = kind;
  }

  Connection connection() {
    return connection;
  }

  String sessionId() {
    return connection.id();
  }

  /** Whether our users send here, who have to log in; else other servers do. */
  boolean isSubmission() {
    return kind != ListenerKind.SMTP;
  }

  boolean isEncrypted() {
    return connection.tls().isPresent();
  }

  Optional<Hello> hello() {
    return Optional.ofNullable(hello);
  }

  /** RFC 5321 section 4.1.4: it also ends a transaction. */
  void greeted(Hello said) {
    endTransaction();
    hello = said;
  }

  Optional<Account> account() {
    return Optional.ofNullable(account);
  }

  void loggedIn(Account who) {
    account = who;
  }

  int countFailedLogin() {
    failedLogins++;
    return failedLogins;
  }

  Optional<Transaction> transaction() {
    return Optional.ofNullable(transaction);
  }

  /** For a command whose facts say that there is one. */
  Transaction requireTransaction() {
    if (transaction == null) {
      throw new IllegalStateException("no transaction");
    }
    return transaction;
  }

  /** Names the next transaction in logs, in its Received field and in its queue entries. */
  String nextTransactionId() {
    transactions++;
    return connection.id() + "." + transactions;
  }

  void begin(Transaction begun) {
    transaction = begun;
  }

  /** Forgets the transaction, and what has come of its message. */
  void endTransaction() {
    if (transaction != null) {
      transaction.close();
      transaction = null;
    }
  }

  void forgetAll() {
    endTransaction();
    hello = null;
    account = null;
  }
}
