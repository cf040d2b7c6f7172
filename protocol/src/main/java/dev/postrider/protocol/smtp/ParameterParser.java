package dev.postrider.protocol.smtp;

import static dev.postrider.protocol.smtp.SmtpCommandParser.refuse;

import dev.postrider.protocol.smtp.MailParameters.BodyType;
import dev.postrider.protocol.smtp.MailParameters.Ret;
import dev.postrider.protocol.smtp.RcptParameters.Notify;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Parameters behind the paths of MAIL and RCPT. RFC 5321 section 4.1.2. */
final class ParameterParser {

  /** RFC 1870 section 5 gives 20 digits; more than 18 would overflow a long. */
  private static final int SIZE_DIGITS_MAX = 20;

  private static final int SIZE_DIGITS_OF_LONG = 18;

  /** RFC 3461 section 4.4. */
  private static final int ENVID_CHARS_MAX = 100;

  /** RFC 3461 section 4.2. */
  private static final int ORCPT_CHARS_MAX = 500;

  private ParameterParser() {}

  static MailParameters mail(String text) throws SmtpSyntaxException {
    MailParameters found = MailParameters.NONE;
    for (Map.Entry<String, String> parameter : split(text).entrySet()) {
      String value = parameter.getValue();
      found =
          switch (parameter.getKey()) {
            case "SIZE" -> found.withSize(size(value));
            case "BODY" -> found.withBody(body(value));
            case "SMTPUTF8" -> {
              requireNoValue("SMTPUTF8", value);
              yield found.withSmtpUtf8();
            }
            case "REQUIRETLS" -> {
              requireNoValue("REQUIRETLS", value);
              yield withRequireTls(found);
            }
            case "AUTH" -> withAuth(found, value("AUTH", value, ORCPT_CHARS_MAX));
            case "RET" -> withRet(found, ret(value));
            case "ENVID" -> withEnvelopeId(found, value("ENVID", value, ENVID_CHARS_MAX));
            default -> throw unknown("MAIL", parameter.getKey());
          };
    }
    return found;
  }

  static RcptParameters rcpt(String text) throws SmtpSyntaxException {
    Set<Notify> notify = Set.of();
    Optional<String> originalRecipient = Optional.empty();
    for (Map.Entry<String, String> parameter : split(text).entrySet()) {
      switch (parameter.getKey()) {
        case "NOTIFY" -> notify = notify(parameter.getValue());
        case "ORCPT" -> originalRecipient = Optional.of(originalRecipient(parameter.getValue()));
        default -> throw unknown("RCPT", parameter.getKey());
      }
    }
    return new RcptParameters(notify, originalRecipient);
  }

  private static Map<String, String> split(String text) throws SmtpSyntaxException {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (text.isEmpty()) {
      return parameters;
    }
    for (String word : text.split(" +")) {
      int equals = word.indexOf('=');
      String keyword = (equals < 0 ? word : word.substring(0, equals)).toUpperCase(Locale.ROOT);
      String value = equals < 0 ? "" : word.substring(equals + 1);
      if (equals >= 0 && !Xtext.isValue(value)) {
        throw refuse(501, "5.5.4", "Bad value of parameter " + shown(keyword));
      }
      if (parameters.putIfAbsent(keyword, value) != null) {
        throw refuse(501, "5.5.4", "Parameter " + shown(keyword) + " given twice");
      }
    }
    return parameters;
  }

  private static long size(String value) throws SmtpSyntaxException {
    if (!SmtpCommandParser.isDigits(value) || value.length() > SIZE_DIGITS_MAX) {
      throw refuse(501, "5.5.4", "SIZE takes a number of octets");
    }
    return value.length() > SIZE_DIGITS_OF_LONG ? Long.MAX_VALUE : Long.parseLong(value);
  }

  private static BodyType body(String value) throws SmtpSyntaxException {
    for (BodyType type : BodyType.values()) {
      if (type.keyword().equalsIgnoreCase(value)) {
        return type;
      }
    }
    throw refuse(501, "5.5.4", "BODY takes 7BIT or 8BITMIME");
  }

  private static Ret ret(String value) throws SmtpSyntaxException {
    return switch (value.toUpperCase(Locale.ROOT)) {
      case "FULL" -> Ret.FULL;
      case "HDRS" -> Ret.HDRS;
      default -> throw refuse(501, "5.5.4", "RET takes FULL or HDRS");
    };
  }

  private static Set<Notify> notify(String value) throws SmtpSyntaxException {
    Set<Notify> found = EnumSet.noneOf(Notify.class);
    for (String word : value.toUpperCase(Locale.ROOT).split(",", -1)) {
      found.add(
          switch (word) {
            case "NEVER" -> Notify.NEVER;
            case "SUCCESS" -> Notify.SUCCESS;
            case "FAILURE" -> Notify.FAILURE;
            case "DELAY" -> Notify.DELAY;
            default -> throw refuse(501, "5.5.4", "NOTIFY takes NEVER or SUCCESS, FAILURE, DELAY");
          });
    }
    if (found.contains(Notify.NEVER) && found.size() > 1) {
      throw refuse(501, "5.5.4", "NOTIFY=NEVER stands alone");
    }
    return found;
  }

  private static String originalRecipient(String value) throws SmtpSyntaxException {
    value("ORCPT", value, ORCPT_CHARS_MAX);
    if (value.indexOf(';') < 1) {
      throw refuse(501, "5.5.4", "ORCPT takes type;address");
    }
    return value;
  }

  private static String value(String keyword, String value, int charsMax)
      throws SmtpSyntaxException {
    if (value.isEmpty() || value.length() > charsMax) {
      throw refuse(501, "5.5.4", keyword + " takes a value of up to " + charsMax + " characters");
    }
    return value;
  }

  private static void requireNoValue(String keyword, String value) throws SmtpSyntaxException {
    if (!value.isEmpty()) {
      throw refuse(501, "5.5.4", keyword + " takes no value");
    }
  }

  /** RFC 5321 section 4.1.1.11. */
  private static SmtpSyntaxException unknown(String verb, String keyword) {
    return refuse(555, "5.5.4", verb + " parameter " + shown(keyword) + " not recognized");
  }

  private static String shown(String keyword) {
    return keyword.length() <= 40 ? keyword : keyword.substring(0, 40) + "...";
  }

  private static MailParameters withRequireTls(MailParameters of) {
    return new MailParameters(
        of.size(), of.body(), of.smtpUtf8(), true, of.auth(), of.ret(), of.envelopeId());
  }

  private static MailParameters withAuth(MailParameters of, String auth) {
    return new MailParameters(
        of.size(),
        of.body(),
        of.smtpUtf8(),
        of.requireTls(),
        Optional.of(auth),
        of.ret(),
        of.envelopeId());
  }

  private static MailParameters withRet(MailParameters of, Ret ret) {
    return new MailParameters(
        of.size(),
        of.body(),
        of.smtpUtf8(),
        of.requireTls(),
        of.auth(),
        Optional.of(ret),
        of.envelopeId());
  }

  private static MailParameters withEnvelopeId(MailParameters of, String envelopeId) {
    return new MailParameters(
        of.size(),
        of.body(),
        of.smtpUtf8(),
        of.requireTls(),
        of.auth(),
        of.ret(),
        Optional.of(envelopeId));
  }
}
