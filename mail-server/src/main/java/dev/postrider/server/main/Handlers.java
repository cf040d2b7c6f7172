package dev.postrider.server.main;

import dev.postrider.server.config.ListenerKind;
import dev.postrider.server.imap.ImapConnectionHandler;
import dev.postrider.server.net.ConnectionHandler;
import dev.postrider.server.smtp.SmtpHandlers;
import jakarta.inject.Inject;
import java.util.Optional;

/** What is spoken on which listener. */
final class Handlers {

  private final SmtpHandlers smtp;
  private final ImapConnectionHandler imap;

  @Inject
  Handlers(SmtpHandlers smtp, ImapConnectionHandler imap) {
    this.smtp = smtp;
    this.imap = imap;
  }

  /** Empty for HTTP, which has a server of its own. */
  Optional<ConnectionHandler> of(ListenerKind kind) {
    return switch (kind) {
      case SMTP, SUBMISSION, SUBMISSIONS -> smtp.of(kind);
      case IMAP, IMAPS -> Optional.of(imap);
      case HTTP -> Optional.empty();
    };
  }
}
