package dev.postrider.server.smtp;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.protocol.smtp.RcptParameters;
import dev.postrider.server.intake.Intake;
import dev.postrider.storage.StoreException;
import java.util.Optional;
import java.util.OptionalLong;

/** RCPT. RFC 5321 section 4.1.1.3. */
final class RcptHandler {

  private final Services services;

  RcptHandler(Services services) {
    this.services = services;
  }

  /** {@code <Postmaster>} without a domain is that of our first domain. */
  Answer postmaster(RcptParameters parameters, SessionState state, Transaction transaction) {
    String domain =
        services.config().domains().stream().findFirst().orElse(services.config().hostname());
    return handle(new MailAddress("postmaster", domain), parameters, state, transaction);
  }

  Answer handle(
      MailAddress recipient,
      RcptParameters parameters,
      SessionState state,
      Transaction transaction) {
    if (!parameters.notifyOn().isEmpty() || parameters.originalRecipient().isPresent()) {
      return Answer.say(555, "5.5.4", "A parameter of RCPT is not supported here");
    }
    if (!recipient.isAscii() && !transaction.parameters().smtpUtf8()) {
      return Answer.say(553, "5.6.7", "A recipient beyond ASCII needs SMTPUTF8");
    }
    int recipientsMax = services.config().limits().recipientsMax();
    if (transaction.recipients().size() >= recipientsMax) {
      return Answer.say(
          452, "4.5.3", "More than " + recipientsMax + " recipients, send the rest separately");
    }
    try {
      // Only who has logged in may send to elsewhere: this is what makes us no open relay.
      boolean trusted = state.account().isPresent();
      OptionalLong octets = transaction.parameters().size();
      return switch (services.intake().check(recipient, trusted, octets)) {
        case Intake.Recipient.Local _ -> accept(recipient, state, transaction);
        case Intake.Recipient.Remote _ -> accept(recipient, state, transaction);
        case Intake.Recipient.Full _ ->
            Answer.say(452, "4.2.2", "Mailbox " + recipient + " is full, try again later");
        case Intake.Recipient.Unknown _ ->
            Answer.say(550, "5.1.1", "No mailbox " + recipient + " here");
        case Intake.Recipient.RelayDenied _ ->
            Answer.say(
                550,
                "5.7.1",
                "Relaying denied: "
                    + recipient.domain()
                    + " is not served here; to send there, log in to the submission port");
      };
    } catch (StoreException e) {
      return Acceptance.refused(e);
    }
  }

  private Answer accept(MailAddress recipient, SessionState state, Transaction transaction) {
    Optional<Answer> tooMany =
        state
            .account()
            .filter(
                account -> !services.sendingRate().take(account.id(), services.clock().instant()))
            .map(
                account ->
                    Answer.say(
                        450,
                        "4.7.1",
                        "More recipients in an hour than your account may have, try again later"));
    if (tooMany.isPresent()) {
      return tooMany.get();
    }
    transaction.recipients().add(recipient);
    return Answer.say(250, "2.1.5", "Recipient OK");
  }
}
