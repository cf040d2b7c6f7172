package dev.postrider.protocol.sasl;

import java.util.Optional;

/** What a server does after something the client wrote. */
public sealed interface SaslStep {

  /** Send this and read a line. In base64; empty for an empty challenge. */
  record Challenge(String base64) implements SaslStep {}

  /**
   * The client has said who it is; now check it.
   *
   * @param authorizationId whom it wants to act as; empty when that is the user
   * @param user never empty
   * @param password never empty
   */
  record Credentials(Optional<String> authorizationId, String user, String password)
      implements SaslStep {
    @Override
    public String toString() {
      return "Credentials[" + user + "]";
    }
  }

  /** The exchange is over without credentials. */
  record Rejected(Reason reason) implements SaslStep {}

  /** Why there are no credentials. */
  enum Reason {
    /** The client wrote {@code *}. RFC 4954 section 4: 501; RFC 3501 section 6.2.2: BAD. */
    CANCELLED,
    /** RFC 4954 section 4: 501 5.5.2. */
    NOT_BASE64,
    /** Base64, but not what the mechanism asks for. */
    MALFORMED,
    /** Longer than {@link SaslServer#RESPONSE_CHARS_MAX}. RFC 4954 section 4: 500 5.5.6. */
    TOO_LONG
  }
}
