package dev.postrider.server.main;

import dev.postrider.server.config.ListenerKind;
import dev.postrider.server.net.ConnectionHandler;
import jakarta.inject.Inject;
import java.util.Optional;

/** What speaks on which listener. */
final class Handlers {

  @Inject
  Handlers() {}

  Optional<ConnectionHandler> of(ListenerKind kind) {
    return switch (kind) {
      case SMTP, SUBMISSION, SUBMISSIONS, IMAP, IMAPS, HTTP -> Optional.empty();
    };
  }
}
