package dev.postrider.server.smtp;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.protocol.smtp.MailParameters;
import dev.postrider.protocol.smtp.SmtpCommand.Mail;
import dev.postrider.storage.accounts.Account;
import java.util.Optional;

/** MAIL. RFC 5321 section 4.1.1.2, RFC 6409 section 6.1. */
final class MailHandler {

  private final Services services;

  MailHandler(Services services) {
    this.services = services;
  }

  Answer handle(Mail mail, SessionState state) {
    return unsupported(mail.parameters(), state)
        .or(() -> tooBig(mail.parameters()))
        .or(() -> notAscii(mail))
        .or(() -> notTheirs(mail, state))
        .orElseGet(
            () -> {
              state.begin(
                  new Transaction(state.nextTransactionId(), mail.sender(), mail.parameters()));
              return Answer.say(250, "2.1.0", "Sender OK");
            });
  }

  /** RFC 5321 section 4.1.1.11: a parameter that was not offered is refused. */
  private static Optional<Answer> unsupported(MailParameters parameters, SessionState state) {
    boolean binary =
        parameters.body().filter(b -> b == MailParameters.BodyType.BINARY_MIME).isPresent();
    boolean offered =
        !binary
            && !parameters.requireTls()
            && parameters.ret().isEmpty()
            && parameters.envelopeId().isEmpty()
            && (parameters.auth().isEmpty() || state.isSubmission());
    return offered
        ? Optional.empty()
        : Optional.of(Answer.say(555, "5.5.4", "A parameter of MAIL is not supported here"));
  }

  private Optional<Answer> tooBig(MailParameters parameters) {
    long octetsMax = services.config().limits().messageOctetsMax();
    return parameters.size().orElse(0) > octetsMax
        ? Optional.of(Reception.tooBig(octetsMax))
        : Optional.empty();
  }

  private static Optional<Answer> notAscii(Mail mail) {
    boolean fine =
        mail.parameters().smtpUtf8() || mail.sender().map(MailAddress::isAscii).orElse(true);
    return fine
        ? Optional.empty()
        : Optional.of(Answer.say(553, "5.6.7", "A sender beyond ASCII needs SMTPUTF8"));
  }

  /** Our users send as themselves, with or without a subaddress, or as nobody. */
  private static Optional<Answer> notTheirs(Mail mail, SessionState state) {
    if (mail.sender().isEmpty() || state.account().isEmpty()) {
      return Optional.empty();
    }
    Account account = state.account().get();
    MailAddress sender = mail.sender().get();
    if (sender.equalsIgnoringCase(account.address())
        || withoutSubaddress(sender).equalsIgnoringCase(account.address())) {
      return Optional.empty();
    }
    return Optional.of(
        Answer.say(
            553,
            "5.7.1",
            "You are logged in as "
                + account.address()
                + " and may not send as "
                + sender
                + "; set the sender to your own address"));
  }

  private static MailAddress withoutSubaddress(MailAddress address) {
    int plus = address.localPart().indexOf('+');
    return plus < 1
        ? address
        : new MailAddress(address.localPart().substring(0, plus), address.domain());
  }
}
