package dev.postrider.protocol.smtp;

import dev.postrider.protocol.address.MailAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A command of SMTP, without its CRLF. No text in it holds a control character, so what {@link
 * #encode} writes is always one line.
 */
public sealed interface SmtpCommand {

  /** RFC 5321 section 4.1.1.1. */
  record Ehlo(String domain) implements SmtpCommand {
    public Ehlo {
      requireLine(domain);
    }
  }

  /** RFC 5321 section 4.1.1.1. */
  record Helo(String domain) implements SmtpCommand {
    public Helo {
      requireLine(domain);
    }
  }

  /** RFC 5321 section 4.1.1.2. An empty sender is the null reverse-path {@code <>}. */
  record Mail(Optional<MailAddress> sender, MailParameters parameters) implements SmtpCommand {}

  /** RFC 5321 section 4.1.1.3. */
  record Rcpt(MailAddress recipient, RcptParameters parameters) implements SmtpCommand {}

  /** {@code RCPT TO:<Postmaster>}, of this server, without a domain. RFC 5321 section 4.1.1.3. */
  record RcptPostmaster(RcptParameters parameters) implements SmtpCommand {}

  /** RFC 5321 section 4.1.1.4. */
  record Data() implements SmtpCommand {}

  /**
   * RFC 3030 section 2. As many octets follow, whatever the reply will be.
   *
   * @param octets 0 or more
   */
  record Bdat(long octets, boolean last) implements SmtpCommand {
    public Bdat {
      if (octets < 0) {
        throw new IllegalArgumentException("negative chunk");
      }
    }
  }

  /** RFC 5321 section 4.1.1.5. */
  record Rset() implements SmtpCommand {}

  /** RFC 5321 section 4.1.1.9. */
  record Noop() implements SmtpCommand {}

  /** RFC 5321 section 4.1.1.10. */
  record Quit() implements SmtpCommand {}

  /** RFC 5321 section 4.1.1.6. */
  record Vrfy(String argument) implements SmtpCommand {
    public Vrfy {
      requireLine(argument);
    }
  }

  /** RFC 5321 section 4.1.1.7. */
  record Expn(String argument) implements SmtpCommand {
    public Expn {
      requireLine(argument);
    }
  }

  /** RFC 5321 section 4.1.1.8. */
  record Help() implements SmtpCommand {}

  /** RFC 3207 section 4. */
  record StartTls() implements SmtpCommand {}

  /**
   * RFC 4954 section 4.
   *
   * @param mechanism in upper case
   * @param initialResponse base64 as written, {@code =} for an empty one
   */
  record Auth(String mechanism, Optional<String> initialResponse) implements SmtpCommand {
    public Auth {
      requireLine(mechanism);
      initialResponse.ifPresent(SmtpCommand::requireLine);
    }

    /** Without the response, which is a password. */
    @Override
    public String toString() {
      return "Auth[" + mechanism + "]";
    }
  }

  /** As on the wire, with CRLF, in UTF-8. */
  default byte[] encode() {
    String line =
        switch (this) {
          case Ehlo ehlo -> "EHLO " + ehlo.domain();
          case Helo helo -> "HELO " + helo.domain();
          case Mail mail ->
              "MAIL FROM:<"
                  + mail.sender().map(MailAddress::toString).orElse("")
                  + ">"
                  + mail.parameters().encode();
          case Rcpt rcpt -> "RCPT TO:<" + rcpt.recipient() + ">" + rcpt.parameters().encode();
          case RcptPostmaster rcpt -> "RCPT TO:<Postmaster>" + rcpt.parameters().encode();
          case Data _ -> "DATA";
          case Bdat bdat -> "BDAT " + bdat.octets() + (bdat.last() ? " LAST" : "");
          case Rset _ -> "RSET";
          case Noop _ -> "NOOP";
          case Quit _ -> "QUIT";
          case Vrfy vrfy -> "VRFY " + vrfy.argument();
          case Expn expn -> "EXPN " + expn.argument();
          case Help _ -> "HELP";
          case StartTls _ -> "STARTTLS";
          case Auth auth ->
              "AUTH "
                  + auth.mechanism()
                  + auth.initialResponse().map(base64 -> " " + base64).orElse("");
        };
    return (line + "\r\n").getBytes(StandardCharsets.UTF_8);
  }

  private static void requireLine(String text) {
    if (text.isEmpty() || text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("not text of a command");
    }
  }
}
