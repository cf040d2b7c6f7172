package dev.postrider.protocol.smtp;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What stands behind the path of MAIL.
 *
 * @param size announced octets of the message (RFC 1870), which is a hint and never a promise
 * @param body declared content (RFC 6152, RFC 3030)
 * @param smtpUtf8 RFC 6531 section 3.4
 * @param requireTls RFC 8689 section 2
 * @param auth AUTH= in xtext as written (RFC 4954 section 5)
 * @param ret what a failure notice returns (RFC 3461 section 4.3)
 * @param envelopeId ENVID= in xtext as written (RFC 3461 section 4.4)
 */
public record MailParameters(
    OptionalLong size,
    Optional<BodyType> body,
    boolean smtpUtf8,
    boolean requireTls,
    Optional<String> auth,
    Optional<Ret> ret,
    Optional<String> envelopeId) {

  public static final MailParameters NONE =
      new MailParameters(
          OptionalLong.empty(),
          Optional.empty(),
          false,
          false,
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  public MailParameters {
    auth.ifPresent(Xtext::require);
    envelopeId.ifPresent(Xtext::require);
  }

  /** Values of BODY=. */
  public enum BodyType {
    SEVEN_BIT("7BIT"),
    EIGHT_BIT_MIME("8BITMIME"),
    BINARY_MIME("BINARYMIME");

    private final String keyword;

    BodyType(String keyword) {
      this.keyword = keyword;
    }

    public String keyword() {
      return keyword;
    }
  }

  /** Values of RET=. */
  public enum Ret {
    FULL,
    HDRS
  }

  /** Whether the message was declared to hold octets above 127. */
  public boolean eightBit() {
    return body.isPresent() && body.get() != BodyType.SEVEN_BIT;
  }

  /** These with SIZE=. */
  public MailParameters withSize(long octets) {
    return new MailParameters(
        OptionalLong.of(octets), body, smtpUtf8, requireTls, auth, ret, envelopeId);
  }

  /** These with BODY=. */
  public MailParameters withBody(BodyType type) {
    return new MailParameters(size, Optional.of(type), smtpUtf8, requireTls, auth, ret, envelopeId);
  }

  /** These with SMTPUTF8. */
  public MailParameters withSmtpUtf8() {
    return new MailParameters(size, body, true, requireTls, auth, ret, envelopeId);
  }

  /** As on the wire, each with a space before it. */
  String encode() {
    StringBuilder out = new StringBuilder();
    size.ifPresent(octets -> out.append(" SIZE=").append(octets));
    body.ifPresent(type -> out.append(" BODY=").append(type.keyword()));
    if (smtpUtf8) {
      out.append(" SMTPUTF8");
    }
    if (requireTls) {
      out.append(" REQUIRETLS");
    }
    auth.ifPresent(xtext -> out.append(" AUTH=").append(xtext));
    ret.ifPresent(known -> out.append(" RET=").append(known.name()));
    envelopeId.ifPresent(xtext -> out.append(" ENVID=").append(xtext));
    return out.toString();
  }
}
