package dev.postrider.protocol.smtp;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.protocol.smtp.SmtpCommand.Auth;
import dev.postrider.protocol.smtp.SmtpCommand.Bdat;
import dev.postrider.protocol.smtp.SmtpCommand.Data;
import dev.postrider.protocol.smtp.SmtpCommand.Ehlo;
import dev.postrider.protocol.smtp.SmtpCommand.Expn;
import dev.postrider.protocol.smtp.SmtpCommand.Helo;
import dev.postrider.protocol.smtp.SmtpCommand.Help;
import dev.postrider.protocol.smtp.SmtpCommand.Mail;
import dev.postrider.protocol.smtp.SmtpCommand.Noop;
import dev.postrider.protocol.smtp.SmtpCommand.Quit;
import dev.postrider.protocol.smtp.SmtpCommand.Rcpt;
import dev.postrider.protocol.smtp.SmtpCommand.RcptPostmaster;
import dev.postrider.protocol.smtp.SmtpCommand.Rset;
import dev.postrider.protocol.smtp.SmtpCommand.StartTls;
import dev.postrider.protocol.smtp.SmtpCommand.Vrfy;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Turns a line into a command. What it refuses, it refuses with a reply that says what is wrong. It
 * knows no session: whether a command is allowed now is asked elsewhere.
 */
public final class SmtpCommandParser {

  /** Octets of a line while AUTH is under way, without CRLF. RFC 4954 section 4 asks for 12288. */
  public static final int AUTH_LINE_OCTETS_MAX = 12_288;

  /**
   * Octets of a command line without CRLF. RFC 5321 section 4.5.3.1.4 asks for at least 512, its
   * extensions for some hundred more: SIZE 26, SMTPUTF8 10, DSN 1036. Clients put tokens behind
   * AUTH that are longer than RFC 4954 section 4 lets them, so there is room for "AUTH", the
   * longest name of a mechanism, and all that they could say in a line of its own.
   */
  public static final int LINE_OCTETS_MAX = AUTH_LINE_OCTETS_MAX + "AUTH".length() + 22;

  /** RFC 4422 section 3.1. */
  private static final Pattern MECHANISM = Pattern.compile("[A-Z0-9_-]{1,20}");

  private static final int NAME_CHARS_MAX = 255;

  /** A chunk of more digits than this is beyond every limit and would overflow a long. */
  private static final int BDAT_DIGITS_MAX = 18;

  private SmtpCommandParser() {}

  /**
   * The command on a line without its CRLF.
   *
   * @throws SmtpSyntaxException when it is none
   */
  public static SmtpCommand parse(byte[] line) throws SmtpSyntaxException {
    String text = stripTrailing(decode(line));
    int space = text.indexOf(' ');
    String verb = (space < 0 ? text : text.substring(0, space)).toUpperCase(Locale.ROOT);
    String argument = space < 0 ? "" : text.substring(space).strip();
    return switch (verb) {
      case "EHLO" -> new Ehlo(name(verb, argument));
      case "HELO" -> new Helo(name(verb, argument));
      case "MAIL" -> mail(argument);
      case "RCPT" -> rcpt(argument);
      case "DATA" -> bare(verb, argument, new Data());
      case "BDAT" -> bdat(argument);
      case "RSET" -> bare(verb, argument, new Rset());
      case "NOOP" -> new Noop();
      case "QUIT" -> bare(verb, argument, new Quit());
      case "VRFY" -> new Vrfy(required(verb, argument));
      case "EXPN" -> new Expn(required(verb, argument));
      case "HELP" -> new Help();
      case "STARTTLS" -> bare(verb, argument, new StartTls());
      case "AUTH" -> auth(argument);
      default -> throw refuse(500, "5.5.2", "Command not recognized");
    };
  }

  private static String decode(byte[] line) throws SmtpSyntaxException {
    for (byte octet : line) {
      // Tabs are white space of messages, not of commands, yet harmless at the end of a line.
      if ((octet >= 0 && octet < ' ' && octet != '\t') || octet == 0x7f) {
        throw refuse(500, "5.5.2", "Control character in command");
      }
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
      if (text.chars().anyMatch(c -> c >= 0x80 && c < 0xa0)) {
        throw refuse(500, "5.5.2", "Control character in command");
      }
      return text.replace('\t', ' ');
    } catch (CharacterCodingException notUtf8) {
      throw refuse(500, "5.5.2", "Command is neither ASCII nor UTF-8");
    }
  }

  /** RFC 5321 section 4.1.1: white space at the end is tolerated. */
  private static String stripTrailing(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == ' ') {
      end--;
    }
    return text.substring(0, end);
  }

  /** {@link SmtpLeniency#ANY_EHLO_NAME}. */
  private static String name(String verb, String argument) throws SmtpSyntaxException {
    String name = required(verb, argument);
    if (name.length() > NAME_CHARS_MAX || name.indexOf(' ') >= 0) {
      throw refuse(501, "5.5.4", verb + " takes one name: a domain or an address literal");
    }
    return name;
  }

  private static Mail mail(String argument) throws SmtpSyntaxException {
    Split split = splitPath(argument, "FROM", "MAIL FROM:<address>");
    MailParameters parameters = ParameterParser.mail(split.parameters());
    if (split.path().isEmpty()) {
      return new Mail(Optional.empty(), parameters);
    }
    MailAddress sender =
        address(split.path()).orElseThrow(() -> refuse(553, "5.1.7", "Not a valid sender address"));
    if (!sender.isAscii() && !parameters.smtpUtf8()) {
      // RFC 6531 section 3.5.
      throw refuse(550, "5.6.7", "Non-ASCII address needs the SMTPUTF8 parameter");
    }
    return new Mail(Optional.of(sender), parameters);
  }

  private static SmtpCommand rcpt(String argument) throws SmtpSyntaxException {
    Split split = splitPath(argument, "TO", "RCPT TO:<address>");
    RcptParameters parameters = ParameterParser.rcpt(split.parameters());
    if (split.path().equalsIgnoreCase("postmaster")) {
      return new RcptPostmaster(parameters);
    }
    return new Rcpt(
        address(split.path())
            .orElseThrow(() -> refuse(553, "5.1.3", "Not a valid recipient address")),
        parameters);
  }

  private static Bdat bdat(String argument) throws SmtpSyntaxException {
    String[] words = argument.split(" +");
    boolean last = words.length == 2 && words[1].equalsIgnoreCase("LAST");
    boolean shaped = words.length == 1 || last;
    if (!shaped || !isDigits(words[0]) || words[0].length() > BDAT_DIGITS_MAX) {
      throw refuse(501, "5.5.4", "Syntax: BDAT octets [LAST]");
    }
    return new Bdat(Long.parseLong(words[0]), last);
  }

  private static Auth auth(String argument) throws SmtpSyntaxException {
    String[] words = argument.split(" +");
    String mechanism = words[0].toUpperCase(Locale.ROOT);
    if (words.length > 2 || !MECHANISM.matcher(mechanism).matches()) {
      throw refuse(501, "5.5.4", "Syntax: AUTH mechanism [initial-response]");
    }
    return new Auth(mechanism, words.length == 2 ? Optional.of(words[1]) : Optional.empty());
  }

  private static SmtpCommand bare(String verb, String argument, SmtpCommand command)
      throws SmtpSyntaxException {
    if (!argument.isEmpty()) {
      throw refuse(501, "5.5.4", verb + " takes no parameter");
    }
    return command;
  }

  private static String required(String verb, String argument) throws SmtpSyntaxException {
    if (argument.isEmpty()) {
      throw refuse(501, "5.5.4", verb + " needs a parameter");
    }
    return argument;
  }

  private record Split(String path, String parameters) {}

  /** Takes {@code FROM:<path> parameters} apart. {@link SmtpLeniency#SPACE_BEFORE_PATH}. */
  private static Split splitPath(String argument, String keyword, String syntax)
      throws SmtpSyntaxException {
    int colon = argument.indexOf(':');
    if (colon < 0 || !argument.substring(0, colon).strip().equalsIgnoreCase(keyword)) {
      throw refuse(501, "5.5.4", "Syntax: " + syntax);
    }
    String rest = argument.substring(colon + 1).strip();
    int end = endOfPath(rest);
    if (end < 0) {
      throw refuse(501, "5.5.4", "The address must stand in angle brackets: " + syntax);
    }
    String parameters = rest.substring(end + 1);
    if (!parameters.isEmpty() && parameters.charAt(0) != ' ') {
      throw refuse(501, "5.5.4", "A space is missing behind the address: " + syntax);
    }
    return new Split(rest.substring(1, end), parameters.strip());
  }

  /** Index of the bracket that ends the path at the start of {@code text}, or -1. */
  private static int endOfPath(String text) {
    if (!text.startsWith("<")) {
      return -1;
    }
    boolean quoted = false;
    for (int i = 1; i < text.length(); i++) {
      switch (text.charAt(i)) {
        case '"' -> quoted = !quoted;
        case '\\' -> i += quoted ? 1 : 0;
        case '>' -> {
          if (!quoted) {
            return i;
          }
        }
        default -> {}
      }
    }
    return -1;
  }

  /** A source route is accepted and ignored, as RFC 5321 section 4.1.1.3 asks. */
  private static Optional<MailAddress> address(String path) {
    String mailbox = path;
    if (path.startsWith("@")) {
      mailbox = path.substring(path.indexOf(':') + 1);
    }
    return MailAddress.parse(mailbox);
  }

  static boolean isDigits(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  static SmtpSyntaxException refuse(int code, String status, String text) {
    return new SmtpSyntaxException(SmtpReply.of(code, status, text));
  }
}
