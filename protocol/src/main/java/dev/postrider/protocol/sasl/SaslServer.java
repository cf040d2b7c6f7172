package dev.postrider.protocol.sasl;

import dev.postrider.protocol.sasl.SaslStep.Challenge;
import dev.postrider.protocol.sasl.SaslStep.Reason;
import dev.postrider.protocol.sasl.SaslStep.Rejected;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The server's half of one exchange: {@link #begin} once, then {@link #next} for every line. */
public abstract sealed class SaslServer permits PlainServer, LoginServer {

  /** Names of the mechanisms, best first. */
  public static final List<String> MECHANISMS = List.of("PLAIN", "LOGIN");

  /** Characters of base64 in one response; RFC 4954 section 4 asks for 12288. */
  public static final int RESPONSE_CHARS_MAX = 12_288;

  SaslServer() {}

  /** A new exchange of a mechanism, whatever the case of its name; empty when it is not known. */
  public static Optional<SaslServer> of(String mechanism) {
    return switch (mechanism.toUpperCase(Locale.ROOT)) {
      case "PLAIN" -> Optional.of(new PlainServer());
      case "LOGIN" -> Optional.of(new LoginServer());
      default -> Optional.empty();
    };
  }

  /**
   * The first step.
   *
   * @param initialResponse base64 as the client wrote it behind the mechanism, where {@code =} is
   *     an empty response (RFC 4954 section 4, RFC 4959 section 3)
   */
  public final SaslStep begin(Optional<String> initialResponse) {
    if (initialResponse.isEmpty()) {
      return new Challenge(encode(firstChallenge()));
    }
    String written = initialResponse.get();
    return written.equals("=") ? respond("") : decoded(written);
  }

  /** The step after a line of the client, without its CRLF: base64, or {@code *} to give up. */
  public final SaslStep next(String line) {
    return line.equals("*") ? new Rejected(Reason.CANCELLED) : decoded(line);
  }

  abstract String firstChallenge();

  abstract SaslStep respond(String response);

  static String encode(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private SaslStep decoded(String base64) {
    if (base64.length() > RESPONSE_CHARS_MAX) {
      return new Rejected(Reason.TOO_LONG);
    }
    byte[] octets;
    try {
      octets = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException notBase64) {
      return new Rejected(Reason.NOT_BASE64);
    }
    try {
      return respond(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString());
    } catch (CharacterCodingException notUtf8) {
      return new Rejected(Reason.MALFORMED);
    }
  }
}
