package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * RFC 8437. The connection is as it was before the login, but for TLS, and for the failed logins
 * that have been counted: whoever has one account is not let off with guessing at others.
 */
final class UnauthenticateHandler implements CommandHandler<ImapCommand.Unauthenticate> {

  private static final Logger log = LoggerFactory.getLogger(UnauthenticateHandler.class);

  @Override
  public ImapReply handle(ImapCommand.Unauthenticate command, ImapSession session) {
    log.info(
        "imap.unauthenticated session={} account={}",
        session.connection().id(),
        session.account().address());
    session.logOff();
    return ImapReply.ok("Log in again");
  }
}
