package dev.postrider.server.smtp;

import com.google.common.collect.ImmutableList;
import dev.postrider.protocol.smtp.SmtpCommand;
import dev.postrider.protocol.smtp.SmtpReply;
import java.util.List;
import java.util.Optional;

/** The facts about the commands: what each needs before its handler is called. */
enum Verb {
  EHLO,
  HELO,
  MAIL(Need.HELLO, Need.LOGIN, Need.NO_TRANSACTION),
  RCPT(Need.TRANSACTION, Need.NO_CHUNK),
  DATA(Need.TRANSACTION, Need.NO_CHUNK, Need.RECIPIENT),
  /** Its handler looks for itself: the octets behind it come whether it is allowed or not. */
  BDAT,
  RSET,
  NOOP,
  QUIT,
  VRFY(Need.HELLO, Need.LOGIN),
  EXPN(Need.HELLO, Need.LOGIN),
  HELP,
  STARTTLS(Need.HELLO, Need.NO_TRANSACTION),
  AUTH(Need.HELLO, Need.NO_TRANSACTION);

  private final ImmutableList<Need> needs;

  Verb(Need... needs) {
    this.needs = ImmutableList.copyOf(needs);
  }

  static Verb of(SmtpCommand command) {
    return switch (command) {
      case SmtpCommand.Ehlo _ -> EHLO;
      case SmtpCommand.Helo _ -> HELO;
      case SmtpCommand.Mail _ -> MAIL;
      case SmtpCommand.Rcpt _ -> RCPT;
      case SmtpCommand.RcptPostmaster _ -> RCPT;
      case SmtpCommand.Data _ -> DATA;
      case SmtpCommand.Bdat _ -> BDAT;
      case SmtpCommand.Rset _ -> RSET;
      case SmtpCommand.Noop _ -> NOOP;
      case SmtpCommand.Quit _ -> QUIT;
      case SmtpCommand.Vrfy _ -> VRFY;
      case SmtpCommand.Expn _ -> EXPN;
      case SmtpCommand.Help _ -> HELP;
      case SmtpCommand.StartTls _ -> STARTTLS;
      case SmtpCommand.Auth _ -> AUTH;
    };
  }

  /** The reply about what is missing; empty when the command may go ahead. */
  Optional<SmtpReply> missing(SessionState state) {
    return needs.stream().flatMap(need -> need.missing(state).stream()).findFirst();
  }

  /** Something that must be so. */
  enum Need {
    HELLO,
    LOGIN,
    TRANSACTION,
    NO_TRANSACTION,
    RECIPIENT,
    NO_CHUNK;

    Optional<SmtpReply> missing(SessionState state) {
      Optional<Transaction> transaction = state.transaction();
      return switch (this) {
        case HELLO -> state.hello().isPresent() ? Optional.empty() : sequence("Say EHLO first");
        case LOGIN -> login(state);
        case TRANSACTION ->
            transaction.isPresent() ? Optional.empty() : sequence("Say MAIL FROM first");
        case NO_TRANSACTION ->
            transaction.isEmpty()
                ? Optional.empty()
                : sequence("Not within a transaction: finish it, or say RSET");
        case RECIPIENT ->
            transaction.map(Transaction::recipients).orElse(List.of()).isEmpty()
                ? Optional.of(SmtpReply.of(554, "5.5.1", "No valid recipients: say RCPT TO first"))
                : Optional.empty();
        case NO_CHUNK ->
            transaction.flatMap(Transaction::reception).isPresent()
                ? sequence("Not between chunks: go on with BDAT, or say RSET")
                : Optional.empty();
      };
    }

    private static Optional<SmtpReply> login(SessionState state) {
      if (!state.isSubmission() || state.account().isPresent()) {
        return Optional.empty();
      }
      return Optional.of(
          state.isEncrypted()
              ? SmtpReply.of(530, "5.7.0", "Authentication required: say AUTH first")
              : SmtpReply.of(530, "5.7.0", "Must issue a STARTTLS command first"));
    }

    private static Optional<SmtpReply> sequence(String text) {
      return Optional.of(SmtpReply.of(503, "5.5.1", text));
    }
  }
}
