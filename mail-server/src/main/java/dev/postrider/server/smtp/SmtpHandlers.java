package dev.postrider.server.smtp;

import dev.postrider.protocol.smtp.SmtpReply;
import dev.postrider.server.auth.Authenticator;
import dev.postrider.server.config.ListenerKind;
import dev.postrider.server.config.ServerConfig;
import dev.postrider.server.intake.Intake;
import dev.postrider.server.net.Connection;
import dev.postrider.server.net.ConnectionHandler;
import dev.postrider.server.net.Refusal;
import dev.postrider.server.policy.Policy;
import dev.postrider.storage.messages.Spool;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;

/** The way into this package: what is spoken on the listeners for mail. */
public final class SmtpHandlers {

  private final Services services;

  public SmtpHandlers(
      ServerConfig config,
      Intake intake,
      Authenticator authenticator,
      Spool spool,
      Policy policy,
      InstantSource clock) {
    this.services =
        new Services(
            config,
            intake,
            authenticator,
            spool,
            policy,
            new SendingRate(config.limits().messagesPerAccountPerHour()),
            clock);
  }

  /** The handler for a listener; empty when something else is spoken there. */
  public Optional<ConnectionHandler> of(ListenerKind kind) {
    return switch (kind) {
      case SMTP, SUBMISSION, SUBMISSIONS -> Optional.of(new Sessions(services, kind));
      case IMAP, IMAPS, HTTP -> Optional.empty();
    };
  }

  private record Sessions(Services services, ListenerKind kind) implements ConnectionHandler {
    @Override
    public void serve(Connection connection, Drain drain) throws IOException {
      new SmtpSession(services, connection, kind, drain).run();
    }

    @Override
    public byte[] refusal(Refusal why) {
      return SmtpReply.of(421, "4.7.0", services.config().hostname() + ": " + why.text()).encode();
    }
  }
}
