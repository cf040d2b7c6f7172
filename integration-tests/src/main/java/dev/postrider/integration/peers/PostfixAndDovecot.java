package dev.postrider.integration.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;

/**
 * What stands on most Debian machines that take mail: Postfix by SMTP, from there by LMTP to
 * Dovecot, which files it in a Maildir and serves it by IMAP. Nothing is tuned.
 */
public final class PostfixAndDovecot implements AutoCloseable {

  private final Dovecot dovecot;
  private final Postfix postfix;

  private PostfixAndDovecot(Dovecot dovecot, Postfix postfix) {
    this.dovecot = dovecot;
    this.postfix = postfix;
  }

  /**
   * Says whether they can be run below {@code directory}.
   *
   * @throws IllegalStateException one line: what is missing and what to do
   */
  public static void requireRunnable(Path directory) throws IOException {
    PeerPackage.requireAll(Path.of("/"));
    if (!"root".equals(System.getProperty("user.name"))) {
      throw new IllegalStateException("Postfix is started by root alone: run this as root");
    }
    // Their parts run as users of their own.
    for (Path above = directory.toRealPath(); above != null; above = above.getParent()) {
      if (!Files.getPosixFilePermissions(above).contains(PosixFilePermission.OTHERS_EXECUTE)) {
        throw new IllegalStateException(
            above + " is closed to the users postfix and dovecot: chmod o+x " + above);
      }
    }
    Dovecot.requireKnownVersion();
  }

  /**
   * @param directory empty
   * @param domain whose mail is taken, for any account
   * @param password of every account
   * @param certificate of IMAP, PEM
   * @param key of the certificate, PEM
   */
  public static PostfixAndDovecot start(
      Path directory, String domain, String password, Path certificate, Path key)
      throws IOException {
    Dovecot dovecot = Dovecot.start(directory.resolve("dovecot"), password, certificate, key);
    try {
      return new PostfixAndDovecot(
          dovecot, Postfix.start(directory.resolve("postfix"), domain, dovecot.lmtpPort()));
    } catch (IOException e) {
      dovecot.close();
      throw e;
    }
  }

  public int smtpPort() {
    return postfix.smtpPort();
  }

  /** IMAP over TLS from the first octet. */
  public int imapsPort() {
    return dovecot.imapsPort();
  }

  @Override
  public void close() throws IOException {
    try {
      postfix.close();
    } finally {
      dovecot.close();
    }
  }
}
