package dev.postrider.server.smtp;

import dev.postrider.protocol.smtp.SmtpCommand;
import dev.postrider.protocol.smtp.SmtpReply;
import java.io.IOException;

/** The handlers of one session, and which command goes to which. */
final class Handlers {

  private final HelloHandler hello;
  private final MailHandler mail;
  private final RcptHandler rcpt;
  private final DataHandler data;
  private final BdatHandler bdat;
  private final AuthHandler auth;

  Handlers(Services services) {
    Acceptance acceptance = new Acceptance(services);
    this.hello = new HelloHandler(services);
    this.mail = new MailHandler(services);
    this.rcpt = new RcptHandler(services);
    this.data = new DataHandler(services, acceptance);
    this.bdat = new BdatHandler(services, acceptance);
    this.auth = new AuthHandler(services);
  }

  /**
   * Calls the handler of a command whose needs are met.
   *
   * @param buffered octets that came behind it
   */
  Answer handle(SmtpCommand command, SessionState state, Peer peer, int buffered)
      throws IOException {
    return switch (command) {
      case SmtpCommand.Ehlo c -> hello.ehlo(c.domain(), state);
      case SmtpCommand.Helo c -> hello.helo(c.domain(), state);
      case SmtpCommand.Mail c -> mail.handle(c, state);
      case SmtpCommand.Rcpt c ->
          rcpt.handle(c.recipient(), c.parameters(), state, state.requireTransaction());
      case SmtpCommand.RcptPostmaster c ->
          rcpt.postmaster(c.parameters(), state, state.requireTransaction());
      case SmtpCommand.Data _ -> data.handle(state, state.requireTransaction(), peer);
      case SmtpCommand.Bdat c -> bdat.handle(c, state, peer);
      case SmtpCommand.StartTls _ -> StartTlsHandler.handle(state, buffered);
      case SmtpCommand.Auth c -> auth.handle(c, state, peer);
      case SmtpCommand.Rset _ -> {
        state.endTransaction();
        yield Answer.say(250, "2.0.0", "Forgotten");
      }
      case SmtpCommand.Noop _ -> Answer.say(250, "2.0.0", "OK");
      case SmtpCommand.Quit _ -> Answer.close(221, "2.0.0", "Bye");
      // RFC 5321 section 3.5.3: neither confirmed nor denied, against those who collect addresses.
      case SmtpCommand.Vrfy _ ->
          Answer.say(252, "2.5.2", "Not verified; send a message to that address to find out");
      case SmtpCommand.Expn _ -> Answer.say(502, "5.5.1", "There are no lists to expand here");
      case SmtpCommand.Help _ ->
          Answer.say(
              SmtpReply.of(
                  214,
                  "2.0.0",
                  "EHLO HELO MAIL RCPT DATA BDAT RSET NOOP QUIT VRFY HELP STARTTLS AUTH",
                  "RFC 5321 says how they are used"));
    };
  }
}
