package dev.postrider.client.session;

import dev.postrider.client.MailFailure;
import dev.postrider.client.accounts.Account;

/**
 * Opens the connections of one account.
 *
 * @param account whose servers
 * @param login its user and password
 * @param timeouts limits of every connection
 * @param trace where the dialogue goes
 */
public record Connector(Account account, Login login, Timeouts timeouts, Trace trace) {

  /** A connection that is logged in and has no mailbox selected. */
  public ImapConnection imap() throws MailFailure {
    Failures.requireProtection(account.imap(), account.allowPlaintext());
    ImapConnection connection =
        ImapConnection.connect(account.imap(), account.trust(), timeouts, trace);
    try {
      connection.login(login);
      return connection;
    } catch (MailFailure e) {
      connection.close();
      throw e;
    }
  }

  /**
   * A connection that is logged in and ready for MAIL.
   *
   * @param utf8 whether addresses outside ASCII are to be sent
   */
  public Submission smtp(boolean utf8) throws MailFailure {
    Failures.requireProtection(account.smtp(), account.allowPlaintext());
    return Submission.connect(account.smtp(), account.trust(), timeouts, trace, login, utf8);
  }

  public Connector withTimeouts(Timeouts other) {
    return new Connector(account, login, other, trace);
  }
}
