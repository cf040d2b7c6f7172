package dev.postrider.client.accounts;

import java.util.Map;

/**
 * One mail account.
 *
 * @param name its name on the command line, unique in the configuration
 * @param address the address mail is sent from
 * @param displayName the person's name; may be empty
 * @param user the login name of both servers
 * @param imap where mail is read
 * @param smtp where mail is sent
 * @param trust which certificates are believed, for both
 * @param password where the password comes from
 * @param allowPlaintext whether a password may cross a network without TLS
 * @param saveSent whether sent mail is kept in the Sent folder
 * @param folders folder names that override what the server announces: {@code sent}, {@code
 *     drafts}, {@code trash}, {@code junk}, {@code archive}
 */
public record Account(
    String name,
    String address,
    String displayName,
    String user,
    Endpoint imap,
    Endpoint smtp,
    Trust trust,
    PasswordSource password,
    boolean allowPlaintext,
    boolean saveSent,
    Map<String, String> folders) {

  public Account {
    folders = Map.copyOf(folders);
  }
}
