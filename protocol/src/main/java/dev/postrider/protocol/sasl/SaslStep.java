package dev.postrider.protocol.sasl;

import dev.postrider.protocol.text.Octets;
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

  /**
   * The client has said who it is; look for the keys and go on with {@link ScramServer#keys}.
   *
   * @param user never empty
   */
  record ScramUser(ScramHash hash, String user) implements SaslStep {}

  /**
   * The client has proved what it knows, or tried to; when it did, go on with {@link
   * ScramServer#granted}.
   *
   * @param authorizationId whom it wants to act as; empty when that is the user
   * @param user never empty
   * @param keys that it was to prove
   * @param clientKey of a client that knows the password, if {@link ScramKeys#areOf} says so
   */
  record ScramProof(
      Optional<String> authorizationId,
      String user,
      ScramHash hash,
      ScramKeys keys,
      Octets clientKey)
      implements SaslStep {
    @Override
    public String toString() {
      return "ScramProof[" + user + "]";
    }
  }

  /**
   * The client relies on what it has shown outside of the exchange.
   *
   * @param authorizationId whom it wants to act as; empty when that is whoever it has shown to be
   */
  record External(Optional<String> authorizationId) implements SaslStep {}

  /**
   * The client shows a token; when it is not taken, go on with {@link BearerServer#refused}.
   *
   * @param wanted whose account the client says it is; empty when only the token says that
   * @param token empty when the client has none, and wants to know how to get one
   */
  record Bearer(Optional<String> wanted, String token) implements SaslStep {
    @Override
    public String toString() {
      return "Bearer[" + wanted + "]";
    }
  }

  /** The client has taken what it was told at last. */
  record Finished() implements SaslStep {}

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
    TOO_LONG,
    /**
     * Client and server do not see the same connection, or not the same offer: somebody is between
     * them, or one of them errs. RFC 5802 section 6.
     */
    CHANNEL_BINDING
  }
}
